// What Anthropic's own clients see of the relay. Each test runs with the current SDK and with an
// old one, whose HTTP and stream code is another.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  addAccount,
  connect,
  createKey,
  eventually,
  metric,
  mockStatistics,
  scriptedKey,
  sdks,
} from './relay.js';

const limit = { timeout: 30_000 };
const question = {
  model: 'claude-mock',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'Wie geht es dir? \u{1F41F} "\\"' }],
};

// The error that `attempt` must end with.
async function failure(attempt) {
  const outcome = await attempt.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  assert.ok(outcome.error, 'it should have failed');
  return outcome.error;
}

for (const [name, Anthropic] of Object.entries(sdks)) {
  describe(name, () => {
    test('gets a message as one JSON document', limit, async () => {
      const { client, requests } = connect(Anthropic);
      const message = await client.messages.create(question);
      assert.equal(message.type, 'message');
      assert.equal(message.model, question.model);
      assert.match(message.content[0].text, /^Hello from the mock upstream/);
      assert.equal(message.usage.output_tokens, 42);
      assert.equal(requests.length, 1);
    });

    test('its body reaches the upstream byte for byte', limit, async () => {
      const { key, credential } = await scriptedKey('input-tokens=7');
      const { client, requests } = connect(Anthropic, key);
      const message = await client.messages.create(question);
      assert.equal(message.usage.input_tokens, 7);
      const { last_body: received } = (await mockStatistics()).credentials[credential];
      assert.equal(received, requests[0].body);
    });

    test('takes its key as a bearer token too', limit, async () => {
      const key = await createKey();
      const { client } = connect(Anthropic, null, { authToken: key });
      assert.equal((await client.messages.create(question)).type, 'message');
    });

    test('the stream helper puts a message together', limit, async () => {
      const { client } = connect(Anthropic);
      const words = [];
      const stream = client.messages.stream(question).on('text', (text) => words.push(text));
      const message = await stream.finalMessage();
      assert.equal(words.length, 12);
      assert.equal(words.join(''), message.content[0].text);
      assert.equal(message.stop_reason, 'end_turn');
      assert.equal(message.usage.output_tokens, 42);
    });

    test('gets each event of a stream when it is sent', limit, async () => {
      const { key } = await scriptedKey('events=20;interval-ms=25');
      const { client } = connect(Anthropic, key);
      const arrivals = [];
      for await (const event of await client.messages.create({ ...question, stream: true })) {
        if (event.type === 'content_block_delta') arrivals.push(performance.now());
      }
      assert.equal(arrivals.length, 20);
      assert.ok(arrivals.at(-1) - arrivals[0] > 300, 'the events came all at once');
    });

    test('an abort in the middle of a stream reaches the upstream', limit, async () => {
      const { key, credential } = await scriptedKey('events=100000;interval-ms=5');
      const { client, requests } = connect(Anthropic, key);
      const abortsBefore = await metric('baton_client_aborts_total');
      const stream = await client.messages.create({ ...question, stream: true });
      let events = 0;
      for await (const event of stream) {
        if (event.type === 'content_block_delta' && ++events === 5) stream.controller.abort();
      }
      assert.ok(events >= 5);
      await eventually(
        async () => (await mockStatistics()).credentials[credential].client_aborts === 1,
        'the upstream to notice',
      );
      await eventually(
        async () => (await metric('baton_client_aborts_total')) > abortsBefore,
        'the metric',
      );
      assert.equal(requests.length, 1);
    });

    test('a stream that the upstream cuts is an error, not a short answer', limit, async () => {
      const { key, credential } = await scriptedKey('cut-after-events=6');
      const { client } = connect(Anthropic, key);
      await failure(client.messages.stream(question).finalMessage());
      assert.equal((await mockStatistics()).credentials[credential].requests, 1);
    });

    test('an error event inside a stream reaches the client', limit, async () => {
      const { key } = await scriptedKey('error-after-events=6;error-type=overloaded_error');
      const { client } = connect(Anthropic, key);
      const error = await failure(client.messages.stream(question).finalMessage());
      assert.match(error.message, /overloaded_error/);
    });

    test('an unknown key is told once and not tried again', limit, async () => {
      const { client, requests } = connect(Anthropic, `cr_${'0'.repeat(64)}`);
      const error = await failure(client.messages.create(question));
      assert.ok(error instanceof Anthropic.AuthenticationError, error.message);
      assert.equal(error.status, 401);
      assert.match(error.message, /API key not found/);
      assert.equal(requests.length, 1);
    });

    test("a key's used-up limit is told once and not tried again", limit, async () => {
      const key = await createKey(['--rate-window-minutes', '60', '--rate-requests', '1']);
      const { client, requests } = connect(Anthropic, key);
      await client.messages.create(question);
      const error = await failure(client.messages.create(question));
      assert.ok(error instanceof Anthropic.RateLimitError, error.message);
      assert.match(error.message, /1 requests per 60 minutes/);
      assert.equal(requests.length, 2);
    });

    test("the upstream's own refusal of a request is passed on", limit, async () => {
      const { key, credential } = await scriptedKey('status=400');
      const { client, requests } = connect(Anthropic, key);
      const error = await failure(client.messages.create(question));
      assert.ok(error instanceof Anthropic.BadRequestError, error.message);
      assert.equal(requests.length, 1);
      assert.equal((await mockStatistics()).credentials[credential].requests, 1);
    });

    test('a broken account is passed over without a word', limit, async () => {
      const model = `failover-${name.replace(/\W/g, '-')}`;
      const broken = await addAccount('status=529', {
        priority: 1,
        options: ['--models', model],
      });
      const { client, requests } = connect(Anthropic, await createKey());
      const message = await client.messages.create({ ...question, model });
      assert.equal(message.model, model);
      assert.equal(requests.length, 1);
      assert.equal((await mockStatistics()).credentials[broken.credential].requests, 1);
    });

    test('counts tokens', limit, async () => {
      const { client } = connect(Anthropic);
      const { model, messages } = question;
      assert.equal((await client.messages.countTokens({ model, messages })).input_tokens, 25);
    });

    test('lists the models', limit, async () => {
      const { client } = connect(Anthropic);
      const models = [];
      for await (const model of client.models.list()) models.push(model.id);
      assert.equal(models.length, 3);
    });
  });
}
