// Watches and feeds as others see them: letters taken by a mail server and read by a mail parser, one
// click of a mail program, and feeds checked against a grammar and read by a feed parser that nobody here
// wrote. Starts a hub of its own.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { parseFeed } from '@rowanmanning/feed-parser';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { validateXML } from 'xmllint-wasm';

const binary = process.env.ALLMENDE_BINARY;
if (!binary) throw new Error('ALLMENDE_BINARY is not set; start the checks with tests/external/run.sh');
const directory = mkdtempSync(join(tmpdir(), 'allmende-watches.'));

const letters = [];
let arrived = () => {};
const mailServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: async (stream, session, done) => {
    const to = session.envelope.rcptTo.map(({ address }) => address);
    letters.push({ to, mail: await simpleParser(stream) });
    done();
    arrived();
  },
});

/** Waits until so many letters have come, and gives the last one. */
async function letter(count) {
  while (letters.length < count) {
    await new Promise((resolve) => { arrived = resolve; });
  }
  return letters[count - 1];
}

/** A port that was free a moment ago: the hub has to know its own address before it listens. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let hub, url, editor, reader;

before(async () => {
  await new Promise((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  const data = ['--data-directory', join(directory, 'data')];
  reader = execFileSync(binary, [...data, 'token', 'create', '--role', 'reader'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  hub = spawn(binary, ['serve', '--demo', '--listen', `127.0.0.1:${port}`, ...data, '--public-url', url,
    '--smtp-url', `smtp://127.0.0.1:${mailServer.server.address().port}`, '--mail-from', 'Allmende <hub@example.org>'],
  { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: hub.stdout })) {
    const [label, word] = line.split(/: | on /);
    if (label === 'demo token') editor = word;
    if (label === 'listening') break;
  }
});

after(async () => {
  await new Promise((resolve) => {
    hub.once('exit', resolve);
    hub.kill('SIGTERM');
  });
  await new Promise((resolve) => mailServer.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

async function run(token, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** Saves a watch of buses. */
async function watch(more) {
  const input = { name: 'Busse & Bahnen', selection: { search: 'Rufbus' }, ...more };
  const { createWatch } = await run(reader, `mutation($input: CreateWatchInput!) {
    createWatch(input: $input) { watch { id awaitsConfirmation } feedUrl userErrors { message } }
  }`, { input });
  assert.deepEqual(createWatch.userErrors, []);
  return createWatch;
}

/** Publishes a solution as the editor of Geestland. */
async function publish(title) {
  const { municipality, search } = await run(editor, `{
    municipality(by: {slug: "geestland"}) { id }
    search(text: "", kinds: [CONTACT]) { edges { node { id } } }
  }`);
  const input = { title, teaser: 'Ein Satz <b>mit</b> & Zeichen.', municipalities: [municipality.id],
    topics: ['Topic:mobility'], problem: 'Es fehlt an allem.', approach: 'Alle packen an.', status: 'RUNNING',
    contacts: [search.edges[0].node.id] };
  const { createSolution } = await run(editor, `mutation($input: CreateSolutionInput!) {
    createSolution(input: $input) { solution { id } userErrors { message } }
  }`, { input });
  assert.deepEqual(createSolution.userErrors, []);
  const { publishSolution } = await run(editor, `mutation($id: ID!) {
    publishSolution(input: {id: $id}) { userErrors { message } }
  }`, { id: createSolution.solution.id });
  assert.deepEqual(publishSolution.userErrors, []);
}

const press = (address) => fetch(address, {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
});

test('who agreed gets letters, with one click no more', async () => {
  const made = await watch({ channel: 'MAIL', address: 'rat@example.org', rhythm: 'AT_ONCE' });
  assert.equal(made.watch.awaitsConfirmation, true);
  const question = await letter(1);
  assert.deepEqual(question.to, ['rat@example.org']);
  const [confirm] = question.mail.text.match(/http:\S+confirm\S+/);
  const page = await fetch(confirm);
  assert.match(await page.text(), /<form method="post">/);
  assert.equal((await press(confirm)).status, 200);

  await publish('Rufbus <Nord> & Süd');
  const { to, mail } = await letter(2);
  assert.deepEqual(to, ['rat@example.org']);
  assert.equal(mail.subject, '[Allmende] Busse & Bahnen: 1 Neuigkeit');
  assert.match(mail.text, /\* Rufbus <Nord> & Süd \(.+\)\n {2}Lösung veröffentlicht/);
  assert.match(mail.html, /Rufbus &lt;Nord&gt; &amp; Süd<\/a>/);
  assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
  const { unsubscribe, 'unsubscribe-post': post } = mail.headers.get('list');
  assert.equal(post.name ?? post, 'List-Unsubscribe=One-Click');
  const [link] = mail.text.match(/http:\S+\/solutions\/\S+/);
  const row = await (await fetch(link)).json();
  assert.equal(row.title, 'Rufbus <Nord> & Süd');

  assert.equal((await fetch(unsubscribe.url)).status, 200, 'a scanner looks at the link');
  assert.equal((await press(unsubscribe.url)).status, 200);
  await publish('Rufbus West');
  // Another watch is told after this one would have been: what it gets, it gets last.
  await watch({ channel: 'MAIL', address: 'amt@example.org', rhythm: 'AT_ONCE', selection: { search: 'Mitfahrbank' } });
  const other = await letter(3);
  assert.equal((await press(other.mail.text.match(/http:\S+confirm\S+/)[0])).status, 200);
  await publish('Mitfahrbank');
  const last = await letter(4);
  assert.deepEqual(last.to, ['amt@example.org']);
  assert.deepEqual(letters.filter(({ to }) => to[0] === 'rat@example.org').length, 2);
});

const grammar = readFileSync(new URL('atom.rng', import.meta.url), 'utf8');

/** What libxml2 says against a feed. */
async function faults(contents) {
  const { errors } = await validateXML({ xml: { fileName: 'feed', contents }, schema: grammar, extension: 'relaxng' });
  return errors.map(({ message }) => message);
}

test('feeds are valid, and read by others', async () => {
  const { feedUrl } = await watch({ channel: 'FEED' });
  await publish('Rufbus Ost');
  await publish('Dorfladen');
  const addresses = [feedUrl, `${url}/feeds/solutions.atom`, `${url}/feeds/topics/mobility.atom`, `${url}/feeds/municipalities/geestland.atom`];
  for (const address of addresses) {
    let feed, response, text;
    // The index takes a moment.
    for (let tries = 0; tries < 100; tries += 1) {
      response = await fetch(address);
      text = await response.text();
      feed = parseFeed(text);
      if (feed.items.some(({ title }) => title?.includes('Rufbus Ost'))) break;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    assert.deepEqual(await faults(text), [], address);
    assert.notDeepEqual(await faults(text.replace(/<updated>.*?<\/updated>/, '')), []);
    assert.equal(feed.meta.type, 'atom');
    assert.equal(feed.meta.version, '1.0');
    assert.equal(feed.self, address);
    const item = feed.items.find(({ title }) => title.includes('Rufbus Ost'));
    assert.ok(item, address);
    assert.equal(item.url, `${url}/solutions/rufbus-ost`);
    assert.equal(item.content, 'Ein Satz <b>mit</b> & Zeichen.');
    assert.ok(item.published instanceof Date && item.updated instanceof Date);
    assert.ok(feed.items.every(({ id }) => /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)));
    assert.equal(new Set(feed.items.map(({ id }) => id)).size, feed.items.length);
    const etag = response.headers.get('etag');
    const again = await fetch(address, { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
  }
  const feed = parseFeed(await (await fetch(feedUrl)).text());
  assert.ok(feed.items.every(({ title }) => !title.includes('Dorfladen')));
});
