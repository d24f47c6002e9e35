// Anthropic's SDK for Bedrock, which speaks Amazon's own API, with the relay's key in place of one
// of Bedrock's.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { Anthropic } from '@anthropic-ai/sdk';

import { messages } from './messages_api.js';
import { baseURL, connect, scriptedKey, seenOf } from './relay.js';
import { errorOfClass, failure, limit, questionTo, testSdk } from './sdk_tests.js';

const model = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';

const sdk = {
  ...messages,
  name: 'AnthropicBedrock 1.1.2',
  platform: 'bedrock',
  model,
  create: (options) => new AnthropicBedrock({ baseURL: `${baseURL}/bedrock`, ...options }),
  expectError: errorOfClass(Anthropic),
  keepsBody: true,
  errorType: 'throttlingException',
  overloaded: 503,
};

testSdk(sdk, () => {
  const question = questionTo(sdk);

  test('its model reaches the upstream, its key does not', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'events=2');
    await sdk.ask(connect(sdk, key).client, question);
    const { last_head: head, last_body: body } = await seenOf(credential);
    assert.equal(decodeURIComponent(head.split(' ')[1]), `/model/${model}/invoke`);
    assert.ok(!head.includes(key));
    assert.equal(JSON.parse(body).anthropic_version, '2026-10-21');
  });

  test('an exception frame is an error of its kind', limit, async () => {
    for (const type of ['modelStreamErrorException', 'internalServerException']) {
      const script = `error-after-events=3;error-type=${type}`;
      const { key } = await scriptedKey(sdk.platform, script);
      const error = await failure(sdk.assemble(connect(sdk, key).client, question));
      assert.match(error.message, new RegExp(type));
    }
  });

  test('a frame whose checksum is wrong is an error', limit, async () => {
    const script = 'malformed-after-events=6;malformed-with=crc';
    const { key } = await scriptedKey(sdk.platform, script);
    await failure(sdk.assemble(connect(sdk, key).client, question));
  });
});
