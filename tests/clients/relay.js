// The running Baton that run.sh has started, its mock upstream, and how to add accounts to it.
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const { fetch } = globalThis; // tests may put one of theirs in its place

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
async function mockStatistics() {
  mockUrl ??= (await baton(['account', 'show', 'demo'])).apiUrl;
  return (await fetch(`${mockUrl}/mock/stats`)).json();
}

// What the mock has counted of the account with this credential.
export async function seenOf(credential) {
  return (await mockStatistics()).credentials[credential];
}

// The options of `account add` that a platform needs, and the line of standard input, so that the
// mock takes `credential` for the credential.
const byApiKey = (credential) => [['--api-key-stdin'], credential];
const kinds = {
  'claude-console': byApiKey,
  'openai-responses': byApiKey,
  'azure-openai': byApiKey,
  'gemini-api': byApiKey,
  // By signature. The mock's only secret: docs/mock-upstream.md, "Credentials".
  bedrock: (credential) => [
    ['--region', 'eu-central-1', '--access-key-id', credential, '--secret-access-key-stdin'],
    'mock-secret-access-key',
  ],
};

const unique = (what) => `${what}-${process.pid}-${++unique.count}`;
unique.count = 0;

// Adds an account whose upstream follows `script` (docs/mock-upstream.md). Returns the credential,
// by which the mock's statistics know it. The usual priority keeps it out of other tests' way.
export async function addAccount(platform, script, { priority = 99, options = [] } = {}) {
  await mockStatistics();
  const name = unique('account');
  const credential = `mock-${script};name=${name}`;
  const [credentialOptions, input] = kinds[platform](credential);
  const place = ['--name', name, '--api-url', mockUrl, '--priority', String(priority)];
  await baton(['account', 'add', platform, ...place, ...credentialOptions, ...options], input);
  return { name, credential };
}

// Makes a key, and waits until the running server knows it and what was added before it.
export async function createKey(options = []) {
  const { key } = await baton(['key', 'create', '--name', unique('key'), ...options]);
  const known = () =>
    fetch(`${baseURL}/v1/key-info`, { headers: { 'x-api-key': key } }).then((got) => got.ok);
  await eventually(known, 'the key to be known');
  return key;
}

// A key that is served by an account with this script only.
export async function scriptedKey(platform, script) {
  const { name, credential } = await addAccount(platform, script);
  return { key: await createKey(['--account', name]), credential };
}

// A key that is served by three accounts of its own.
export async function groupKey(platform) {
  const group = unique('group');
  await baton(['group', 'add', '--name', group]);
  const options = ['--type', 'group', '--groups', group];
  const credentials = [];
  for (let n = 0; n < 3; ++n) {
    credentials.push((await addAccount(platform, 'events=3', { options })).credential);
  }
  return { key: await createKey(['--group', group]), credentials };
}

// A client that keeps what it sends: requests.length tells how often it tried. `sdk` makes the
// client, and says which implementation of fetch is usual for it.
export function connect(sdk, apiKey = demoKey) {
  const requests = [];
  const transport = sdk.fetch ?? fetch;
  const counting = (url, init) => {
    requests.push({ url: String(url), body: init?.body });
    return transport(url, init);
  };
  return { client: sdk.create({ apiKey, fetch: counting }), requests };
}

export async function metric(name) {
  const text = await (await fetch(`${baseURL}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.split(' ').at(-1));
}
