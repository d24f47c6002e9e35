// What every SDK must see of the relay. An `sdk` is one SDK as it speaks one API:
//
//   name, platform      the platform of the accounts that its tests make
//   model               what it asks for
//   create, fetch       see connect() in relay.js
//   ask(client, question)             an answer as one document
//   stream(client, question, signal)  the events of one; the signal aborts it
//   assemble(client, question)        what the SDK itself makes of a stream
//   read(answer)        {text, model, call, usage}; call and usage as the SDK tells them
//   word(event)         the part of the text in it, or nothing
//   call, usage         what read() must find if `toolCall` or `tokens` is the script
//   expectError(error, status)
//   keepsBody           whether ask() and stream() must reach the upstream byte for byte
//   answeredModel       what the answer names, if not that
//   errorType           what the upstream calls an error within a stream
//   toldType            what the client is told, if not that
//   losesErrorEvents    that the SDK takes such an error for an event like any other
//   overloaded          its status when it is overloaded
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  addAccount,
  connect,
  createKey,
  eventually,
  metric,
  scriptedKey,
  seenOf,
} from './relay.js';

export const limit = { timeout: 30_000 };
const tokens = 'input-tokens=7;output-tokens=9;cache-read-tokens=3';
const toolCall = 'tool-call=1;output-tokens=9';

export const questionTo = (sdk, more) => ({
  model: sdk.model,
  text: 'Wie geht es dir? \u{1F41F} "\\"',
  ...more,
});

// The error that `attempt` must end with.
export async function failure(attempt) {
  const outcome = await attempt.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  assert.ok(outcome.error, 'it should have failed');
  return outcome.error;
}

// The SDKs made by Stainless have a class of errors for each status.
export const errorOfClass = (Client) => (error, status) => {
  const classes = {
    400: Client.BadRequestError,
    401: Client.AuthenticationError,
    404: Client.NotFoundError,
    429: Client.RateLimitError,
  };
  assert.ok(error instanceof classes[status], `${error.constructor.name}: ${error.message}`);
  assert.equal(error.status, status);
};

// Other fields may be there besides.
function expectFields(found, expected) {
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === 'object') expectFields(found[name], value);
    else assert.equal(found[name], value, name);
  }
}

// More than one account had something to do, so that it mattered which one was asked.
export async function expectShared(credentials) {
  const seen = await Promise.all(credentials.map(seenOf));
  assert.ok(seen.filter((each) => each !== undefined).length > 1);
}

// All that a broken or refused request tells its caller.
const toldBy = (error) => `${error.message} ${JSON.stringify(error)}`;

async function wordsOf(sdk, events) {
  const words = [];
  for await (const event of await events) {
    const word = sdk.word(event);
    if (word) words.push({ word, at: performance.now() });
  }
  return words;
}

function testAnswers(sdk) {
  const question = questionTo(sdk);

  test('gets an answer as one JSON document', limit, async () => {
    const { key } = await scriptedKey(sdk.platform, 'delay-ms=1');
    const { client, requests } = connect(sdk, key);
    const answer = sdk.read(await sdk.ask(client, question));
    assert.match(answer.text, /^Hello from the mock upstream/);
    assert.equal(answer.model, sdk.answeredModel ?? sdk.model);
    assert.equal(requests.length, 1);
  });

  test('its words reach the upstream unchanged', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'events=2');
    const { client, requests } = connect(sdk, key);
    await sdk.ask(client, question);
    assert.ok((await seenOf(credential)).last_body.includes(JSON.stringify(question.text)));
    if (!sdk.keepsBody) return;
    assert.equal((await seenOf(credential)).last_body, requests[0].body);
    await sdk.assemble(client, question);
    assert.equal((await seenOf(credential)).last_body, requests[1].body);
  });

  test('finds the usage in its own fields', limit, async () => {
    const { key } = await scriptedKey(sdk.platform, tokens);
    const { client } = connect(sdk, key);
    expectFields(sdk.read(await sdk.ask(client, question)).usage, sdk.usage);
    expectFields(sdk.read(await sdk.assemble(client, question)).usage, sdk.usage);
  });

  test('is told to call a tool', limit, async () => {
    const { key } = await scriptedKey(sdk.platform, toolCall);
    const { client } = connect(sdk, key);
    for (const method of ['ask', 'assemble']) {
      const { call } = sdk.read(await sdk[method](client, { ...question, tool: 'get_weather' }));
      expectFields(call, sdk.call);
    }
  });
}

function testStreams(sdk) {
  const question = questionTo(sdk);

  test('puts an answer together out of a stream', limit, async () => {
    const { key } = await scriptedKey(sdk.platform, 'events=12');
    const { client, requests } = connect(sdk, key);
    const answer = sdk.read(await sdk.assemble(client, question));
    const words = await wordsOf(sdk, sdk.stream(client, question));
    assert.equal(words.length, 12);
    assert.equal(words.map(({ word }) => word).join(''), answer.text);
    assert.equal(requests.length, 2);
  });

  test('gets each event of a stream when it is sent', limit, async () => {
    const { key } = await scriptedKey(sdk.platform, 'events=40;interval-ms=25');
    const { client } = connect(sdk, key);
    const words = await wordsOf(sdk, sdk.stream(client, question));
    assert.equal(words.length, 40);
    assert.ok(words.at(-1).at - words[0].at > 300, 'the events came all at once');
  });

  test('an abort in the middle of a stream reaches the upstream', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'events=100000;interval-ms=5');
    const { client, requests } = connect(sdk, key);
    const abortsBefore = await metric('baton_client_aborts_total');
    const abortion = new AbortController();
    let words = 0;
    try {
      for await (const event of await sdk.stream(client, question, abortion.signal)) {
        if (sdk.word(event) && ++words === 5) abortion.abort();
      }
    } catch (error) {
      // Some SDKs end the loop, others throw.
      assert.ok(abortion.signal.aborted, error.message);
    }
    assert.ok(words >= 5);
    await eventually(
      async () => (await seenOf(credential)).client_aborts === 1,
      'the upstream to notice',
    );
    await eventually(
      async () => (await metric('baton_client_aborts_total')) > abortsBefore,
      'the metric',
    );
    assert.equal(requests.length, 1);
  });

  test('a stream that the upstream cuts is an error, not a short answer', limit, async () => {
    const { key, credential } = await scriptedKey(sdk.platform, 'cut-after-events=6');
    const { client } = connect(sdk, key);
    await failure(sdk.assemble(client, question));
    await failure(wordsOf(sdk, sdk.stream(client, question)));
    assert.equal((await seenOf(credential)).requests, 2);
  });

  const skip = sdk.losesErrorEvents && 'the SDK itself takes no notice of it';
  test('an error event inside a stream reaches the client', { ...limit, skip }, async () => {
    const script = `error-after-events=6;error-type=${sdk.errorType};error-message=out-of-breath`;
    const { key } = await scriptedKey(sdk.platform, script);
    const { client } = connect(sdk, key);
    const told = toldBy(await failure(wordsOf(sdk, sdk.stream(client, question))));
    assert.match(told, /out-of-breath/);
    assert.match(told, new RegExp(sdk.toldType ?? sdk.errorType));
  });
}

function testErrors(sdk) {
  const question = questionTo(sdk);

  // What a client with `key` is told, by one request.
  async function toldOnce(key, status, message) {
    const { client, requests } = connect(sdk, key);
    const error = await failure(sdk.ask(client, question));
    sdk.expectError(error, status);
    assert.match(error.message, message);
    assert.equal(requests.length, 1);
  }

  test('an unknown key is told once and not tried again', limit, () =>
    toldOnce(`cr_${'0'.repeat(64)}`, 401, /API key not found/));

  test("a key's used-up limit is told once and not tried again", limit, async () => {
    const key = await createKey(['--rate-window-minutes', '60', '--rate-requests', '1']);
    await sdk.ask(connect(sdk, key).client, question);
    await toldOnce(key, 429, /1 requests per 60 minutes/);
  });

  test("the upstream's own refusal of a request is passed on", limit, async () => {
    const script = 'status=400;error-message=not-like-this';
    const { key, credential } = await scriptedKey(sdk.platform, script);
    await toldOnce(key, 400, /not-like-this/);
    assert.equal((await seenOf(credential)).requests, 1);
  });

  test('a broken account is passed over without a word', limit, async () => {
    const model = `claude-failover-${sdk.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
    const broken = await addAccount(sdk.platform, `status=${sdk.overloaded}`, {
      priority: 1,
      options: ['--models', model],
    });
    const { client, requests } = connect(sdk, await createKey());
    const answer = sdk.read(await sdk.ask(client, { ...question, model }));
    assert.match(answer.text, /^Hello/);
    assert.equal(requests.length, 1);
    assert.equal((await seenOf(broken.credential)).requests, 1);
  });
}

// Registers the tests; `more` registers those of this SDK alone.
export function testSdk(sdk, more = () => {}) {
  describe(sdk.name, () => {
    testAnswers(sdk);
    testStreams(sdk);
    testErrors(sdk);
    more(sdk);
  });
}
