// Anthropic's Messages as its SDKs speak them, whoever answers.
const parameters = { type: 'object', properties: { city: { type: 'string' } } };

const body = ({ model, text, tool }) => ({
  model,
  max_tokens: 64,
  messages: [{ role: 'user', content: text }],
  ...(tool && { tools: [{ name: tool, input_schema: parameters }] }),
});

export const messages = {
  ask: (client, question) => client.messages.create(body(question)),
  stream: (client, question, signal) =>
    client.messages.create({ ...body(question), stream: true }, { signal }),
  assemble: (client, question) => client.messages.stream(body(question)).finalMessage(),
  read: ({ content: [first], model, usage }) => ({ text: first.text, call: first, model, usage }),
  word: (event) => event.type === 'content_block_delta' && event.delta.text,
  call: { type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } },
  usage: { input_tokens: 7, cache_read_input_tokens: 3, output_tokens: 9 },
};
