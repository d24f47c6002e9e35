// The running Baton that run.sh has started, its mock upstream, and how to add accounts to it.
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Anthropic as Sdk } from '@anthropic-ai/sdk';
import { Anthropic as OldSdk } from '@anthropic-ai/sdk-0.39';

export const sdks = { 'sdk 1.10.0': Sdk, 'sdk 0.39.0': OldSdk };

export const baseURL = process.env.RELAY_URL;
export const demoKey = process.env.RELAY_KEY;

const run = promisify(execFile);

async function baton(args, input = '') {
  const running = run(process.env.BATON, [
    ...args,
    '--json',
    '--data-dir',
    process.env.BATON_DATA_DIR,
  ]);
  // A command that wants no input may end before it could be told that there is none.
  running.child.stdin.on('error', () => {});
  running.child.stdin.end(input);
  return JSON.parse((await running).stdout);
}

// Waits until `check` returns something true, and returns that.
export async function eventually(check, what) {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await delay(20);
  }
}

let mockUrl;
export async function mockStatistics() {
  mockUrl ??= (await baton(['account', 'show', 'demo'])).apiUrl;
  return (await fetch(`${mockUrl}/mock/stats`)).json();
}

let accounts = 0;
// Adds an account whose upstream follows `script` (docs/mock-upstream.md). Returns the credential,
// by which the mock's statistics know it. The usual priority keeps it out of other tests' way.
export async function addAccount(script, { priority = 99, options = [] } = {}) {
  await mockStatistics();
  const name = `account-${process.pid}-${++accounts}`;
  const credential = `mock-${script};name=${name}`;
  const place = ['--name', name, '--api-url', mockUrl, '--priority', String(priority)];
  await baton(
    ['account', 'add', 'claude-console', ...place, '--api-key-stdin', ...options],
    credential,
  );
  return { name, credential };
}

let keys = 0;
// Makes a key, and waits until the running server knows it and what was added before it.
export async function createKey(options = []) {
  const name = `key-${process.pid}-${++keys}`;
  const { key } = await baton(['key', 'create', '--name', name, ...options]);
  const known = () =>
    fetch(`${baseURL}/v1/key-info`, { headers: { 'x-api-key': key } }).then((got) => got.ok);
  await eventually(known, 'the key to be known');
  return key;
}

// A key that is served by an account with this script only.
export async function scriptedKey(script) {
  const { name, credential } = await addAccount(script);
  return { key: await createKey(['--account', name]), credential };
}

// A client that keeps what it sends: requests.length tells how often it tried.
export function connect(Anthropic, apiKey = demoKey, options = {}) {
  const requests = [];
  const counting = (url, init) => {
    requests.push({ url: String(url), body: init?.body });
    return fetch(url, { ...init, agent: undefined });
  };
  const client = new Anthropic({ baseURL, apiKey, fetch: counting, ...options });
  return { client, requests };
}

export async function metric(name) {
  const text = await (await fetch(`${baseURL}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.split(' ').at(-1));
}
