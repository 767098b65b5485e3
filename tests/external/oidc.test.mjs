// Signing in with OpenID Connect against a provider that nobody here wrote: oidc-provider, certified by the
// OpenID Foundation, with its own pages for signing in. A hub of its own is started that knows it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Provider } from 'oidc-provider';

const binary = process.env.ALLMENDE_BINARY;
const SECRET = 'ein Geheimnis, das nur dieser Test kennt';
let provider;
let issuer;
let hub;
let hubUrl;
let work;
/** The groups of whoever signs in. */
let groups = ['allmende-editor:geestland', 'something else'];

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A provider whose claims lie in the user info, as the standard has it for the code flow. */
async function startProvider(redirect) {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  const made = new Provider(issuer, {
    clients: [{ client_id: 'allmende', client_secret: SECRET, redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'email', 'groups'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['a key that signs cookies of this test'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, groups }),
    }),
  });
  provider = made.listen(port, '127.0.0.1');
  await once(provider, 'listening');
}

async function startHub(port) {
  work = await mkdtemp(join(tmpdir(), 'allmende-oidc.'));
  const settings = {
    listen: `127.0.0.1:${port}`, 'data-directory': join(work, 'data'), 'public-url': hubUrl,
    'oidc-issuer': issuer, 'oidc-client-id': 'allmende', 'oidc-client-secret': SECRET,
    'oidc-scopes': 'email groups', 'oidc-roles-claim': 'groups',
    'oidc-roles': 'allmende-editor:* = editor@*;leitung = admin',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  hub = spawn(binary, ['serve', '--demo', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: hub.stdout })) {
    if (line.startsWith('listening on ')) return;
  }
  throw new Error('the hub ended before it listened');
}

before(async () => {
  assert.ok(binary, 'ALLMENDE_BINARY is not set; start the checks with tests/external/run.sh');
  const port = await freePort();
  hubUrl = `http://127.0.0.1:${port}`;
  await startProvider(`${hubUrl}/session/oidc/callback`);
  await startHub(port);
});

after(async () => {
  if (hub && hub.exitCode === null) {
    hub.kill('SIGTERM');
    const [code] = await once(hub, 'exit');
    assert.equal(code, 0, 'the hub ends well');
  }
  provider?.closeAllConnections();
  provider?.close();
  if (work) await rm(work, { recursive: true, force: true });
});

/** A browser: cookies of each host and path, and no redirects of its own. */
class Browser {
  #cookies = [];

  async visit(address, form) {
    const url = new URL(address);
    const fits = ({ host, path }) => host === url.host && url.pathname.startsWith(path);
    const cookie = this.#cookies.filter(fits).map(({ name, value }) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, 'accept-language': 'en' },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      signal: AbortSignal.timeout(20_000),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split('; ');
      const [name, ...value] = pair.split('=');
      const path = attributes.find((it) => /^path=/i.test(it))?.slice(5) ?? '/';
      this.#cookies = this.#cookies.filter((it) => !(it.name === name && it.host === url.host));
      if (value.join('=')) this.#cookies.push({ name, value: value.join('='), host: url.host, path });
    }
    const next = response.headers.get('location');
    return { status: response.status, next: next && new URL(next, url).href, text: await response.text() };
  }

  /** Signs in with the pages of the provider, as far as back to the hub. */
  async signIn(name, { give = true } = {}) {
    let page = await this.visit(`${hubUrl}/session/oidc?return=/schema.graphql`);
    assert.equal(page.status, 303, page.text);
    for (let steps = 0; steps < 12; steps += 1) {
      if (page.next?.startsWith(`${hubUrl}/session/oidc/callback`)) return page.next;
      if (page.next) {
        page = await this.visit(page.next);
        continue;
      }
      const [, action] = page.text.match(/action="([^"]+)"/) ?? assert.fail(page.text);
      const [, prompt] = page.text.match(/name="prompt" value="([^"]+)"/) ?? assert.fail(page.text);
      if (!give) {
        const [, abort] = page.text.match(/href="([^"]+\/abort)"/) ?? assert.fail(page.text);
        page = await this.visit(new URL(abort, issuer));
        continue;
      }
      const form = prompt === 'login' ? { prompt, login: name, password: 'whatever' } : { prompt };
      page = await this.visit(new URL(action, issuer), form);
    }
    return assert.fail('the provider sends nobody back');
  }

  async viewer() {
    const query = encodeURIComponent('{ viewer { accountId grants { role municipality { slug } } } }');
    const { text } = await this.visit(`${hubUrl}/graphql?query=${query}`);
    return JSON.parse(text).data.viewer;
  }
}

test('somebody signs in with the pages of the provider and is an editor', async () => {
  const browser = new Browser();
  const answer = await browser.visit(await browser.signIn('bauamt'));
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.next, `${hubUrl}/schema.graphql`);
  const viewer = await browser.viewer();
  assert.deepEqual(viewer.grants, [{ role: 'EDITOR', municipality: { slug: 'geestland' } }]);
});

test('another role at the next sign-in, for the same account', async () => {
  const browser = new Browser();
  await browser.visit(await browser.signIn('amt'));
  const first = await browser.viewer();
  groups = ['leitung'];
  await browser.visit(await browser.signIn('amt'));
  const second = await browser.viewer();
  assert.equal(second.accountId, first.accountId);
  assert.deepEqual(second.grants, [{ role: 'ADMIN', municipality: null }]);
});

test('a callback works once, and in the browser that began only', async () => {
  const [browser, other] = [new Browser(), new Browser()];
  const back = await browser.signIn('bauamt');
  assert.equal((await other.visit(back)).status, 400);
  assert.equal((await browser.visit(back)).status, 303);
  assert.equal((await browser.visit(back)).status, 400);
});

test('whoever gives up is told so', async () => {
  const browser = new Browser();
  const answer = await browser.visit(await browser.signIn('bauamt', { give: false }));
  assert.equal(answer.status, 401, answer.text);
  assert.match(answer.text, /given up/);
  assert.equal(await browser.viewer(), null);
});

test('whoever has no role is not let in', async () => {
  groups = ['something else'];
  const browser = new Browser();
  const answer = await browser.visit(await browser.signIn('gast'));
  assert.equal(answer.status, 403, answer.text);
});
