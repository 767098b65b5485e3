// The browser's own EventSource in Debian's Chromium.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Proxy } from './proxy.mjs';
import { cursorNow, publish, SUBSCRIBE, until } from './support.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const profile = mkdtempSync(join(tmpdir(), 'allmende-chromium-'));
let browser;
let proxy;

before(async () => {
  assert.ok(existsSync(executablePath), `${executablePath} is missing: apt-get install chromium`);
  proxy = await Proxy.start();
  browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
});

after(async () => {
  await browser?.close();
  await proxy?.stop();
  rmSync(profile, { recursive: true, force: true });
});

/** Opens a page of the hub's own origin, so that no CORS rule is in the way. */
async function openPage() {
  const page = await browser.newPage();
  await page.goto(`${proxy.url}/healthz`);
  return page;
}

test('EventSource hears three events, and after a cut the one it missed, once', { timeout: 60_000 }, async () => {
  const page = await openPage();
  const cursor = await cursorNow();
  const params = new URLSearchParams({ query: SUBSCRIBE, variables: JSON.stringify({ after: cursor }) });
  await page.evaluate((address) => {
    window.heard = [];
    window.errors = 0;
    window.source = new EventSource(address);
    window.source.addEventListener('next', ({ data, lastEventId }) => {
      window.heard.push({ id: JSON.parse(data).data.solutionPublished.solution.id, lastEventId });
    });
    window.source.addEventListener('error', () => { window.errors += 1; });
  }, `/graphql?${params}`);
  const heard = () => page.evaluate(() => window.heard);

  const published = [];
  for (let n = 1; n <= 3; n += 1) {
    published.push((await publish()).id);
    await until(`event ${n}`, async () => (await heard()).length >= n);
  }
  const { lastEventId } = (await heard()).at(-1);
  assert.ok(lastEventId, 'events carry an id');

  proxy.heard.length = 0;
  proxy.cut();
  await until('the browser notices', () => page.evaluate(() => window.errors > 0), { milliseconds: 10_000 });
  published.push((await publish()).id); // nobody can hear it now
  proxy.mend();
  await until('the missed event', async () => (await heard()).length >= 4, { milliseconds: 15_000 });
  published.push((await publish()).id);
  await until('the next live event', async () => (await heard()).length >= 5);

  assert.deepEqual((await heard()).map(({ id }) => id), published);
  const reconnect = proxy.heard.join('').match(/^last-event-id: (.*)\r$/im);
  assert.equal(reconnect?.[1], lastEventId, 'the browser came back with Last-Event-ID');
  await page.evaluate(() => window.source.close());
});

test('EventSource fires `complete`, so that a page can stop reconnecting', async () => {
  const page = await openPage();
  const events = await page.evaluate((address) => new Promise((resolve) => {
    const seen = [];
    const source = new EventSource(address);
    source.addEventListener('next', ({ data }) => seen.push(JSON.parse(data)));
    source.addEventListener('complete', ({ data }) => {
      source.close();
      resolve([...seen, data]);
    });
    source.addEventListener('error', () => {
      source.close();
      resolve([...seen, 'the stream ended without `complete`']);
    });
  }), `/graphql?${new URLSearchParams({ query: '{ __typename }' })}`);
  assert.deepEqual(events, [{ data: { __typename: 'Query' } }, '']);
});
