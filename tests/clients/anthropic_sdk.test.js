// Anthropic's SDK, a new and an old one, whose HTTP and stream code is another; answered by an
// account of Anthropic's or of Bedrock's, which it must not notice.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Anthropic as Current } from '@anthropic-ai/sdk';
import { Anthropic as Old } from '@anthropic-ai/sdk-0.39';
import nodeFetch from 'node-fetch';

import { messages } from './messages_api.js';
import { baseURL, connect, createKey } from './relay.js';
import { errorOfClass, limit, questionTo, testSdk } from './sdk_tests.js';

const releases = [
  { version: '1.10.0', Anthropic: Current },
  { version: '0.39.0', Anthropic: Old, fetch: nodeFetch },
];

// What is different where Bedrock answers. Its model's name is Amazon's.
const atBedrock = {
  platform: 'bedrock',
  model: 'claude-opus-5',
  answeredModel: 'eu.anthropic.claude-opus-5',
  keepsBody: false,
  errorType: 'throttlingException',
  toldType: 'rate_limit_error',
  overloaded: 503,
};

for (const { version, Anthropic, fetch } of releases) {
  const sdk = {
    ...messages,
    name: `Anthropic ${version}`,
    platform: 'claude-console',
    model: 'claude-mock',
    create: (options) => new Anthropic({ baseURL, ...options }),
    createByToken: ({ apiKey, ...options }) =>
      new Anthropic({ baseURL, ...options, apiKey: null, authToken: apiKey }),
    fetch,
    expectError: errorOfClass(Anthropic),
    keepsBody: true,
    errorType: 'overloaded_error',
    overloaded: 529,
  };
  testSdk(sdk, testAnthropic);
  testSdk({ ...sdk, ...atBedrock, name: `${sdk.name}, answered by Bedrock` });
}

function testAnthropic(sdk) {
  const question = questionTo(sdk);

  test('takes its key as a bearer token too', limit, async () => {
    const { client } = connect({ ...sdk, create: sdk.createByToken }, await createKey());
    assert.match(sdk.read(await sdk.ask(client, question)).text, /^Hello/);
  });

  test('the stream helper tells each word', limit, async () => {
    const words = [];
    const stream = connect(sdk).client.messages.stream({
      model: sdk.model,
      max_tokens: 64,
      messages: [{ role: 'user', content: question.text }],
    });
    const message = await stream.on('text', (text) => words.push(text)).finalMessage();
    assert.equal(words.length, 12);
    assert.equal(words.join(''), message.content[0].text);
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.usage.output_tokens, 42);
  });

  test('counts tokens', limit, async () => {
    const { client } = connect(sdk);
    const counted = await client.messages.countTokens({
      model: sdk.model,
      messages: [{ role: 'user', content: question.text }],
    });
    assert.equal(counted.input_tokens, 25);
  });

  test('lists the models of its key', limit, async () => {
    const { client } = connect(sdk);
    const models = [];
    for await (const model of client.models.list()) models.push(model);
    assert.ok(models.some(({ id }) => id === 'claude-sonnet-4-5'));
    assert.ok(models.every(({ id, type }) => id.startsWith('claude-') && type === 'model'));
    assert.equal((await client.models.retrieve('claude-sonnet-4-5')).type, 'model');
  });
}
