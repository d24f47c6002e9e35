// OpenAI's SDK as the client of an Azure resource, a new and an old one.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openaiSdks } from './openai_apis.js';
import { baseURL, connect, groupKey, scriptedKey, seenOf } from './relay.js';
import { expectShared, failure, limit, questionTo, testSdk } from './sdk_tests.js';

const apiVersion = '2025-03-01-preview';

const clientOf = (AzureOpenAI) => ({
  create: (options) => new AzureOpenAI({ endpoint: `${baseURL}/azure`, apiVersion, ...options }),
});

for (const sdk of openaiSdks('AzureOpenAI', 'azure-openai', clientOf)) {
  testSdk(sdk, sdk.api === 'responses' ? testKeptAnswers : testDeployments);
}

// The first line of what the upstream got.
const requestLine = async (credential) => (await seenOf(credential)).last_head.split('\r\n')[0];

function testKeptAnswers(sdk) {
  const question = questionTo(sdk);

  test('its API version reaches the upstream', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'events=2');
    await sdk.ask(connect(sdk, key).client, question);
    const expected = `POST /openai/responses?api-version=${apiVersion} HTTP/1.1`;
    assert.equal(await requestLine(credential), expected);
  });

  test('asks for an answer by its id where it was made', limit, async () => {
    const { key, credentials } = await groupKey(sdk.platform);
    const { client } = connect(sdk, key);
    for (let n = 0; n < 6; ++n) {
      const { id } = await sdk.ask(client, { ...question, text: `No. ${n}` });
      assert.equal((await client.responses.retrieve(id)).id, id);
      await sdk.deleteAnswer(client, id);
      sdk.expectError(await failure(client.responses.retrieve(id)), 404);
    }
    await expectShared(credentials);
  });
}

function testDeployments(sdk) {
  const question = questionTo(sdk);

  test('its deployment and API version reach the upstream, its key does not', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'events=2');
    await sdk.ask(connect(sdk, key).client, question);
    const path = `/openai/deployments/${sdk.model}/chat/completions`;
    const expected = `POST ${path}?api-version=${apiVersion} HTTP/1.1`;
    assert.equal(await requestLine(credential), expected);
    assert.ok(!(await seenOf(credential)).last_head.includes(key));
  });

  test('embeds', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'input-tokens=7');
    const { client } = connect(sdk, key);
    const answer = await client.embeddings.create({
      model: 'my-embeddings',
      input: 'one',
      encoding_format: 'float',
    });
    assert.deepEqual(answer.data[0].embedding, [0.25, -0.5, 0.125]);
    assert.equal(answer.usage.prompt_tokens, 7);
    assert.match(await requestLine(credential), /deployments\/my-embeddings\/embeddings\?/);
  });

  test('lists the models', limit, async () => {
    const ids = [];
    for await (const { id } of connect(sdk).client.models.list()) ids.push(id);
    assert.ok(ids.includes('gpt-5.1'), ids.join());
  });
}
