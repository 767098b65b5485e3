// Messages to contacts, taken by a mail server and read by a mail parser that nobody here wrote: over
// TLS and STARTTLS with a password, in a form that mail programs understand. Starts hubs of its own.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const binary = process.env.ALLMENDE_BINARY;
if (!binary) throw new Error('ALLMENDE_BINARY is not set; start the checks with tests/external/run.sh');
const directory = mkdtempSync(join(tmpdir(), 'allmende-mail.'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** A certificate for localhost, signed by an authority of its own. */
const file = (name) => join(directory, name);
const openssl = (...words) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' });
openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Authority',
  '-keyout', 'authority.key', '-out', 'authority.pem');
openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
writeFileSync(file('names'), 'subjectAltName=DNS:localhost\n');
openssl('x509', '-req', '-in', 'server.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial',
  '-days', '2', '-extfile', 'names', '-out', 'server.pem');

/** A mail server that asks for a password. */
async function mailServer({ secure }) {
  const waiting = [];
  const server = new SMTPServer({
    secure,
    key: readFileSync(file('server.key')),
    cert: readFileSync(file('server.pem')),
    authOptional: false,
    onAuth: ({ username, password }, session, done) =>
      username === 'hub' && password === 'ge:heim' && session.secure
        ? done(null, { user: username })
        : done(new Error('wrong')),
    onData: async (stream, session, done) => {
      const mail = await simpleParser(stream);
      // The server empties it for the next letter.
      const envelope = { ...session.envelope };
      done();
      waiting.shift()?.({ mail, envelope });
    },
  });
  const failed = new Promise((resolve) => server.on('error', resolve));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.server.address().port,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    failed,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A hub with the demo content that sends mail there. */
async function startHub(smtpUrl, trusts) {
  const env = { ...process.env, ...(trusts ? { SSL_CERT_FILE: file('authority.pem') } : {}) };
  const data = mkdtempSync(join(directory, 'data.'));
  const hub = spawn(binary, ['serve', '--demo', '--listen', '127.0.0.1:0', '--data-directory', data,
    '--smtp-url', smtpUrl, '--mail-from', 'Allmende <hub@example.org>'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const said = {};
  for await (const line of createInterface({ input: hub.stdout })) {
    const [label, word] = line.split(/: | on /);
    said[label] = word;
    if (label === 'listening') break;
  }
  const run = async (query, variables) => {
    const response = await fetch(`${said.listening}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${said['demo token']}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  };
  const stop = () => new Promise((resolve) => {
    hub.once('exit', resolve);
    hub.kill('SIGTERM');
  });
  return { run, stop };
}

/** Makes a contact, and asks it something. */
async function ask({ run }) {
  const { municipality } = await run('{ municipality(by: {slug: "geestland"}) { id } }');
  const input = { municipality: municipality.id, role: 'Stabsstelle', email: 'stab@geestland.example.org', visibility: 'ON_REQUEST' };
  const made = await run(
    'mutation($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }', { input });
  const { id } = made.createContact.contact;
  await run('mutation($id: ID!) { publishContact(input: {id: $id}) { contact { id } } }', { id });
  const { requestContact } = await run(
    'mutation($input: RequestContactInput!) { requestContact(input: $input) { userErrors { message } } }',
    { input: { contact: id, subject: 'Bürgerbus – „wie teuer?“', name: 'Bauamt, Älteste Stadt', replyTo: 'amt@example.org',
      message: 'Grüße aus dem Rathaus!\n.\n..und noch eine Zeile\n' } });
  assert.deepEqual(requestContact.userErrors, []);
}

for (const [name, secure, url] of [
  ['TLS from the first byte', true, (port) => `smtps://hub:ge%3Aheim@localhost:${port}`],
  ['STARTTLS', false, (port) => `smtp://hub:ge%3Aheim@localhost:${port}?tls=required`],
]) {
  test(`a message goes over ${name}, with a password, and reads as it was written`, async () => {
    const server = await mailServer({ secure });
    const hub = await startHub(url(server.port), true);
    try {
      const next = server.next();
      await ask(hub);
      const { mail, envelope } = await next;
      assert.equal(envelope.mailFrom.address, 'hub@example.org');
      assert.deepEqual(envelope.rcptTo.map(({ address }) => address), ['stab@geestland.example.org']);
      assert.equal(mail.from.text, '"Allmende" <hub@example.org>');
      assert.deepEqual(mail.replyTo.value, [{ address: 'amt@example.org', name: 'Bauamt, Älteste Stadt' }]);
      assert.equal(mail.subject, '[Allmende] Bürgerbus – „wie teuer?“');
      assert.match(mail.messageId, /^<[0-9A-Z]{26}@example\.org>$/);
      assert.ok(mail.text.startsWith('Grüße aus dem Rathaus!\n.\n..und noch eine Zeile\n'), mail.text);
      assert.equal(mail.html, false);
      assert.deepEqual(mail.attachments, []);
    } finally {
      await hub.stop();
      await server.close();
    }
  });
}

test('a server that nobody vouches for gets nothing', async () => {
  const server = await mailServer({ secure: true });
  const hub = await startHub(`smtps://hub:ge%3Aheim@localhost:${server.port}`, false);
  let taken = false;
  server.next().then(() => { taken = true; });
  try {
    await ask(hub);
    await server.failed;
    assert.equal(taken, false);
  } finally {
    await hub.stop();
    await server.close();
  }
});
