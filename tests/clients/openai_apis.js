// OpenAI's two APIs as its SDKs speak them, at OpenAI and at Azure.
import nodeFetch from 'node-fetch';
import * as current from 'openai';
import * as old from 'openai-4.104';

import { errorOfClass } from './sdk_tests.js';

const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const toolArguments = '{"city":"Paris"}';

const responsesBody = ({ model, text, tool }) => ({
  model,
  input: text,
  ...(tool && { tools: [{ type: 'function', name: tool, parameters, strict: false }] }),
});

const chatBody = ({ model, text, tool }) => ({
  model,
  messages: [{ role: 'user', content: text }],
  ...(tool && { tools: [{ type: 'function', function: { name: tool, parameters } }] }),
});

const responses = {
  api: 'responses',
  ask: (client, question) => client.responses.create(responsesBody(question)),
  stream: (client, question, signal) =>
    client.responses.create({ ...responsesBody(question), stream: true }, { signal }),
  assemble: (client, question) => client.responses.stream(responsesBody(question)).finalResponse(),
  read: ({ output, model, usage }) => ({
    text: output[0].content?.[0].text,
    call: output[0],
    model,
    usage,
  }),
  word: (event) => event.type === 'response.output_text.delta' && event.delta,
  call: { type: 'function_call', name: 'get_weather', arguments: toolArguments },
  usage: { input_tokens: 10, input_tokens_details: { cached_tokens: 3 }, output_tokens: 9 },
  keepsBody: true,
};

// Asks for the usage: a body that does not reaches the upstream with that wish in it.
const chat = {
  api: 'chat',
  ask: (client, question) => client.chat.completions.create(chatBody(question)),
  stream: (client, question, signal) =>
    client.chat.completions.create({ ...chatBody(question), stream: true }, { signal }),
  read: ({ choices: [{ message }], model, usage }) => ({
    text: message.content,
    call: message.tool_calls?.[0].function,
    model,
    usage,
  }),
  word: (chunk) => chunk.choices[0]?.delta.content,
  call: { name: 'get_weather', arguments: toolArguments },
  usage: { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 3 }, completion_tokens: 9 },
  keepsBody: true,
};

const assembleBy = (completions) => (client, question) =>
  completions(client)
    .stream({ ...chatBody(question), stream_options: { include_usage: true } })
    .finalChatCompletion();

const releases = [
  {
    version: '7.55.0',
    module: current,
    assemble: assembleBy((client) => client.chat.completions),
    deleteAnswer: (client, id) => client.responses.delete(id),
  },
  {
    // Its HTTP is node-fetch's.
    version: '4.104.0',
    module: old,
    fetch: nodeFetch,
    toldType: '', // it drops what an error event calls the error
    assemble: assembleBy((client) => client.beta.chat.completions),
    deleteAnswer: (client, id) => client.responses.del(id),
  },
];

// Both releases with both APIs. `Client` is the name of a class; `clientOf` says how to make one,
// and what else is special about it.
export function openaiSdks(Client, platform, clientOf) {
  return releases.flatMap(({ version, module, assemble, ...release }) =>
    [responses, { ...chat, assemble }].map((api) => ({
      ...api,
      ...release,
      name: `${Client} ${version}, ${api.api}`,
      platform,
      model: 'gpt-mock',
      expectError: errorOfClass(module.OpenAI),
      errorType: 'server_error',
      overloaded: 503,
      ...clientOf(module[Client]),
    })),
  );
}
