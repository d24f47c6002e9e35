// OpenAI's SDK, a new and an old one, as it speaks Responses and Chat Completions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openaiSdks } from './openai_apis.js';
import { baseURL, connect, createKey, groupKey, scriptedKey, seenOf } from './relay.js';
import { expectShared, failure, limit, questionTo, testSdk } from './sdk_tests.js';

const clientOf = (OpenAI) => ({
  create: (options) => new OpenAI({ baseURL: `${baseURL}/v1`, ...options }),
});

for (const sdk of openaiSdks('OpenAI', 'openai-responses', clientOf)) {
  testSdk(sdk, sdk.api === 'responses' ? testKeptAnswers : testChat);
}

function testKeptAnswers(sdk) {
  const question = questionTo(sdk);

  test('asks for an answer by its id where it was made', limit, async () => {
    const { key, credentials } = await groupKey(sdk.platform);
    const { client } = connect(sdk, key);
    for (let n = 0; n < 6; ++n) {
      const { id } = await sdk.ask(client, { ...question, text: `No. ${n}` });
      assert.equal((await client.responses.retrieve(id)).id, id);
      const items = [];
      for await (const item of client.responses.inputItems.list(id)) items.push(item);
      assert.equal(items[0].type, 'message');
      await client.responses.cancel(id);
      await sdk.deleteAnswer(client, id);
      sdk.expectError(await failure(client.responses.retrieve(id)), 404);
    }
    await expectShared(credentials);
  });

  test('goes on from an answer where it was made', limit, async () => {
    const { key, credentials } = await groupKey(sdk.platform);
    const { client, requests } = connect(sdk, key);
    for (let n = 0; n < 6; ++n) {
      const first = await sdk.ask(client, { ...question, text: `No. ${n}` });
      const next = await client.responses.create({
        model: sdk.model,
        input: 'And then?',
        previous_response_id: first.id,
      });
      assert.equal(next.status, 'completed');
    }
    assert.equal(requests.length, 12);
    await expectShared(credentials);
  });

  test('goes on from an answer that was a stream', limit, async () => {
    const { key, credentials } = await groupKey(sdk.platform);
    const { client } = connect(sdk, key);
    for (let n = 0; n < 4; ++n) {
      const { id } = await sdk.assemble(client, { ...question, text: `No. ${n}` });
      const next = { model: sdk.model, input: 'And then?', previous_response_id: id };
      assert.equal((await client.responses.create(next)).status, 'completed');
    }
    await expectShared(credentials);
  });

  test('is told how an answer ended', limit, async () => {
    const { key } = await scriptedKey(sdk.platform, 'terminal=incomplete');
    const { client } = connect(sdk, key);
    const answer = await sdk.ask(client, question);
    let last;
    for await (last of await sdk.stream(client, question));
    assert.equal(last.type, 'response.incomplete');
    for (const { status, incomplete_details: details } of [answer, last.response]) {
      assert.equal(status, 'incomplete');
      assert.equal(details.reason, 'max_output_tokens');
    }
  });
}

function testChat(sdk) {
  const question = questionTo(sdk);
  const body = (more) => ({
    model: sdk.model,
    messages: [{ role: 'user', content: question.text }],
    stream: true,
    ...more,
  });
  const chunksOf = async (client, more) => {
    const chunks = [];
    for await (const chunk of await client.chat.completions.create(body(more))) chunks.push(chunk);
    return chunks;
  };

  test('gets the chunk with the usage only if it asked for it', limit, async () => {
    const { client } = connect(sdk);
    const plain = await chunksOf(client);
    assert.equal(plain.length, 14);
    assert.ok(plain.every((chunk) => chunk.choices.length === 1 && !chunk.usage));
    const asked = await chunksOf(client, { stream_options: { include_usage: true } });
    assert.equal(asked.length, 15);
    assert.deepEqual(asked.at(-1).choices, []);
    assert.equal(asked.at(-1).usage.completion_tokens, 42);
  });

  test('embeds', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'input-tokens=7');
    const { client, requests } = connect(sdk, key);
    const answer = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['one', 'two'],
      encoding_format: 'float',
    });
    assert.deepEqual(answer.data[0].embedding, [0.25, -0.5, 0.125]);
    assert.equal(answer.usage.prompt_tokens, 7);
    assert.equal((await seenOf(credential)).last_body, requests[0].body);
  });

  test('lists the models of its key', limit, async () => {
    const key = await createKey(['--permissions', 'openai']);
    const { client } = connect(sdk, key);
    const models = [];
    for await (const model of client.models.list()) models.push(model);
    assert.ok(models.some(({ id }) => id === 'gpt-5.1'));
    assert.ok(models.every(({ id, object }) => id && object === 'model'));
    assert.ok(!models.some(({ id }) => id.startsWith('claude-sonnet')));
    assert.equal((await client.models.retrieve('gpt-5.1')).id, 'gpt-5.1');
    sdk.expectError(await failure(client.models.retrieve('gpt-0')), 404);
  });

  test('can call below /openai, too', limit, async () => {
    const { client } = connect(sdk);
    client.baseURL = `${baseURL}/openai/v1`;
    assert.match(sdk.read(await sdk.ask(client, question)).text, /^Hello/);
    for await (const { id } of client.models.list()) assert.ok(!id.startsWith('claude-sonnet'));
  });
}
