// Webhooks, received by a server of Node: the signature is checked by the library of Standard Webhooks,
// the envelope is read by the SDK of CloudEvents. Starts a hub of its own, which may send to this machine.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { HTTP } from 'cloudevents';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { until } from './support.mjs';

const binary = process.env.ALLMENDE_BINARY;
if (!binary) throw new Error('ALLMENDE_BINARY is not set; start the checks with tests/external/run.sh');
const directory = mkdtempSync(join(tmpdir(), 'allmende-webhooks.'));

const arrived = [];
const waiting = [];
/** The next message that arrives. */
const next = () => arrived.shift() ?? new Promise((resolve) => waiting.push(resolve));
const receiver = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const message = { headers: request.headers, body: Buffer.concat(pieces).toString('utf8') };
  response.writeHead(204).end();
  const first = waiting.shift();
  if (first) first(message);
  else arrived.push(message);
});

let hub;
let ask;
let url;

before(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  url = `http://127.0.0.1:${receiver.address().port}/hook`;
  hub = spawn(binary, ['serve', '--demo', '--listen', '127.0.0.1:0', '--data-directory', join(directory, 'data'),
    '--public-url', 'https://hub.example.org', '--webhooks-to-private'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const said = {};
  for await (const line of createInterface({ input: hub.stdout })) {
    const [, what, value] = line.match(/^(demo token:|listening on) (\S+)/) ?? [];
    if (what) said[what] = value;
    if (said['demo token:'] && said['listening on']) break;
  }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${said['demo token:']}` };
  ask = async (query, variables) => {
    const body = JSON.stringify({ query, variables });
    const answer = await fetch(`${said['listening on']}/graphql`, { method: 'POST', headers, body });
    const { data, errors } = await answer.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    const [payload] = Object.values(data);
    assert.deepEqual(payload.userErrors ?? [], []);
    return payload;
  };
});

after(async () => {
  hub.kill('SIGTERM');
  await once(hub, 'exit');
  receiver.close();
  rmSync(directory, { recursive: true, force: true });
});

const CREATE = `mutation($url: String!) {
  createWebhook(input: {url: $url}) { webhook { id } secret userErrors { code } } }`;
const TEST = 'mutation($id: ID!) { testWebhook(input: {id: $id}) { delivery { id } userErrors { code } } }';
const ROTATE = 'mutation($id: ID!) { rotateWebhookSecret(input: {id: $id}) { secret userErrors { code } } }';
const LOOK = 'query($id: ID!) { node(id: $id) { ... on Delivery { state attempts { status trouble } } } }';
const REPLAY = 'mutation($id: ID!) { replayDelivery(input: {id: $id}) { delivery { id } userErrors { code } } }';
const DELETE = 'mutation($id: ID!) { deleteWebhook(input: {id: $id}) { deletedId userErrors { code } } }';

test('a message is signed as Standard Webhooks has it, and nothing of it can be changed', async () => {
  const { webhook, secret } = await ask(CREATE, { url });
  const { delivery } = await ask(TEST, { id: webhook.id });
  const { headers, body } = await next();
  const judge = new Webhook(secret);
  assert.equal(judge.verify(body, headers).id, delivery.id);
  assert.equal(headers['webhook-id'], delivery.id);

  const refused = (text, changed) =>
    assert.throws(() => judge.verify(text, { ...headers, ...changed }), WebhookVerificationError);
  refused(body.replace('1.0', '1.1'), {});
  refused(`${body} `, {});
  refused(body, { 'webhook-id': 'Delivery:01J5Z3NDEKTSV4RRFFQ69G5FAV' });
  refused(body, { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1) });
  refused(body, { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 3_600) });
  const stranger = new Webhook(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  assert.throws(() => stranger.verify(body, headers), WebhookVerificationError);
  await ask(DELETE, { id: webhook.id });
});

test('after a change of the secret the old one and the new one verify', async () => {
  const { webhook, secret: old } = await ask(CREATE, { url });
  const { secret: fresh } = await ask(ROTATE, { id: webhook.id });
  assert.notEqual(old, fresh);
  await ask(TEST, { id: webhook.id });
  const { headers, body } = await next();
  assert.equal(headers['webhook-signature'].split(' ').length, 2);
  for (const secret of [old, fresh]) {
    assert.ok(new Webhook(secret).verify(body, headers));
    assert.throws(() => new Webhook(secret).verify(`${body} `, headers), WebhookVerificationError);
  }
  await ask(DELETE, { id: webhook.id });
});

test('the receiver of the README takes each message once, and nothing that is not signed', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, code] = readme.match(/```js\n(.*standardwebhooks.*?)```/s);
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  await new Promise((resolve) => free.close(resolve));
  const { webhook, secret } = await ask(CREATE, { url: `http://127.0.0.1:${port}/` });
  const env = { ...process.env, SECRET: secret, PORT: port };
  const program = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: new URL('.', import.meta.url), env, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  createInterface({ input: program.stdout }).on('line', (line) => lines.push(line));
  try {
    await until('the receiver listens', () => fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false));
    const unsigned = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
    assert.equal(unsigned.status, 401);
    const { delivery } = await ask(TEST, { id: webhook.id });
    const line = `org.allmende.webhook.ping ${webhook.id}`;
    await until('it arrived', async () => (await ask(LOOK, { id: delivery.id })).state === 'DELIVERED');
    await until('it was done', () => lines.length === 1);
    // The same again is taken and not done again; what comes next is.
    await ask(REPLAY, { id: delivery.id });
    await until('it arrived again', async () => (await ask(LOOK, { id: delivery.id })).attempts.length === 2);
    await ask(TEST, { id: webhook.id });
    await until('the next one was done', () => lines.length > 1);
    program.kill();
    await once(program, 'close');
    assert.deepEqual(lines, [line, line]);
  } finally {
    program.kill();
    await ask(DELETE, { id: webhook.id });
  }
});

test('the envelope is a CloudEvent in structured mode', async () => {
  const { webhook } = await ask(CREATE, { url });
  const { delivery } = await ask(TEST, { id: webhook.id });
  const message = await next();
  assert.ok(HTTP.isEvent(message));
  const event = HTTP.toEvent(message);
  assert.ok(event.validate());
  assert.equal(event.specversion, '1.0');
  assert.equal(event.id, delivery.id);
  assert.equal(event.source, 'https://hub.example.org');
  assert.equal(event.type, 'org.allmende.webhook.ping');
  assert.equal(event.subject, webhook.id);
  assert.equal(event.datacontenttype, 'application/json');
  assert.ok(Math.abs(Date.parse(event.time) - Date.now()) < 60_000);
  assert.deepEqual(event.data, { webhook: webhook.id });
  await ask(DELETE, { id: webhook.id });
});

test('messages go through TLS, and to nobody whom no authority vouches for', async () => {
  const openssl = (...words) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'self.key', '-out', 'self.pem');
  let asked = 0;
  const self = createSecureServer({
    key: readFileSync(join(directory, 'self.key')), cert: readFileSync(join(directory, 'self.pem')),
  }, (request, response) => { asked += 1; response.writeHead(204).end(); });
  self.listen(0, '127.0.0.1');
  await once(self, 'listening');
  const { webhook } = await ask(CREATE, { url: `https://localhost:${self.address().port}/` });
  try {
    const { delivery } = await ask(TEST, { id: webhook.id });
    const tried = await until('it was tried', async () => {
      const seen = await ask(LOOK, { id: delivery.id });
      return seen.attempts.length > 0 && seen;
    });
    assert.deepEqual(tried.attempts[0], { status: null, trouble: 'CERTIFICATE' });
    assert.equal(asked, 0);
  } finally {
    await ask(DELETE, { id: webhook.id });
    self.close();
  }
});
