// Google's SDK for the Gemini API: a new one, which asks for version v1, and an old one, which asks
// for v1beta.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as current from '@google/genai';
import * as old from '@google/genai-1.0';

import { baseURL, connect, createKey, scriptedKey, seenOf } from './relay.js';
import { limit, questionTo, testSdk } from './sdk_tests.js';

const parameters = { type: 'OBJECT', properties: { city: { type: 'STRING' } } };

const asked = ({ model, text, tool }, abortSignal) => ({
  model,
  contents: text,
  config: {
    abortSignal,
    ...(tool && { tools: [{ functionDeclarations: [{ name: tool, parameters }] }] }),
  },
});

const textOf = (answer) => answer.candidates?.[0].content.parts[0].text;

// What callers do, as the SDK has no helper for it: all words and calls, and the last chunk's rest.
async function assemble(client, question) {
  let text = '';
  const calls = [];
  let last;
  for await (last of await client.models.generateContentStream(asked(question))) {
    text += textOf(last) ?? '';
    calls.push(...(last.functionCalls ?? []));
  }
  const { modelVersion, usageMetadata } = last;
  const parts = [{ text }];
  const candidates = [{ content: { parts } }];
  return { candidates, functionCalls: calls, modelVersion, usageMetadata };
}

const gemini = {
  platform: 'gemini-api',
  model: 'gemini-mock',
  ask: (client, question) => client.models.generateContent(asked(question)),
  stream: (client, question, signal) =>
    client.models.generateContentStream(asked(question, signal)),
  assemble,
  read: (answer) => ({
    text: textOf(answer),
    call: answer.functionCalls?.[0],
    model: answer.modelVersion,
    usage: answer.usageMetadata,
  }),
  word: textOf,
  call: { name: 'get_weather', args: { city: 'Paris' } },
  usage: { promptTokenCount: 10, cachedContentTokenCount: 3, candidatesTokenCount: 9 },
  keepsBody: true,
  errorType: 'RESOURCE_EXHAUSTED',
  overloaded: 503,
};

// The old one cannot be told which fetch to use: it takes whichever is there.
const clientOf = (GoogleGenAI, path = '') => ({
  create({ apiKey, fetch }) {
    globalThis.fetch = fetch;
    return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${baseURL}${path}` } });
  },
});

const sdks = [
  {
    name: '@google/genai 3.1.0',
    version: 'v1',
    ...clientOf(current.GoogleGenAI),
    underPrefix: clientOf(current.GoogleGenAI, '/gemini'),
    expectError(error, status) {
      assert.ok(error instanceof current.ApiError, error.message);
      assert.equal(error.status, status);
    },
  },
  {
    // Its classes of errors are not exported.
    name: '@google/genai 1.0.0',
    losesErrorEvents: true,
    version: 'v1beta',
    ...clientOf(old.GoogleGenAI),
    underPrefix: clientOf(old.GoogleGenAI, '/gemini'),
    expectError(error, status) {
      assert.equal(error.name, 'ClientError');
      assert.match(error.message, new RegExp(`got status: ${status} `));
    },
  },
];

for (const sdk of sdks) testSdk({ ...gemini, ...sdk }, testGemini);

function testGemini(sdk) {
  const question = questionTo(sdk);

  test('can call below /gemini, too', limit, async () => {
    const { client, requests } = connect({ ...sdk, ...sdk.underPrefix });
    assert.match(textOf(await sdk.ask(client, question)), /^Hello/);
    assert.ok(requests[0].url.startsWith(`${baseURL}/gemini/${sdk.version}/models/`));
  });

  test('its version and model reach the upstream, its key does not', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'events=2');
    await sdk.ask(connect(sdk, key).client, question);
    const head = (await seenOf(credential)).last_head;
    const path = `/${sdk.version}/models/${sdk.model}:generateContent`;
    assert.ok(head.startsWith(`POST ${path} HTTP/1.1\r\n`), head);
    assert.ok(!head.includes(key));
  });

  test('counts tokens', limit, async () => {
    const { client } = connect(sdk);
    const { model, text } = question;
    assert.equal((await client.models.countTokens({ model, contents: text })).totalTokens, 25);
  });

  test('embeds', limit, async () => {
    const { client } = connect(sdk);
    const { embeddings } = await client.models.embedContent({
      model: 'text-embedding-004',
      contents: ['one'],
    });
    assert.deepEqual(embeddings[0].values, [0.25, -0.5, 0.125]);
  });

  test('keeps up a chat', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'events=3');
    const chat = connect(sdk, key).client.chats.create({ model: sdk.model });
    await chat.sendMessage({ message: 'one' });
    for await (const chunk of await chat.sendMessageStream({ message: 'two' })) assert.ok(chunk);
    const { contents } = JSON.parse((await seenOf(credential)).last_body);
    assert.deepEqual(
      contents.map(({ role }) => role),
      ['user', 'model', 'user'],
    );
  });

  test('lists the models of its key', limit, async () => {
    const { client } = connect(sdk, await createKey(['--permissions', 'gemini']));
    const names = [];
    for await (const { name } of await client.models.list()) names.push(name);
    assert.ok(names.includes('models/gemini-2.5-pro'), names.join());
    assert.ok(!names.includes('models/gpt-5.1'));
    const model = await client.models.get({ model: 'gemini-2.5-pro' });
    assert.equal(model.name, 'models/gemini-2.5-pro');
  });
}

// As clients do that call the API without an SDK.
test('a stream without alt=sse is a JSON array', limit, async () => {
  const { key, credential } = await scriptedKey(gemini.platform, 'events=40;interval-ms=25');
  const answer = await fetch(`${baseURL}/v1beta/models/gemini-mock:streamGenerateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': key },
    body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] }),
  });
  const pieces = [];
  for await (const piece of answer.body) pieces.push(Buffer.from(piece));
  assert.ok(pieces.length > 3, 'it came all at once');
  const elements = JSON.parse(Buffer.concat(pieces));
  assert.equal(elements.length, 41);
  assert.equal(elements[40].candidates[0].finishReason, 'STOP');
  assert.equal((await seenOf(credential)).requests, 1);
});
