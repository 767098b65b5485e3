// The pages in Debian's Chromium: find, narrow down, read, compare, with and without scripts, by keyboard
// alone, and looked over by axe-core and html-validate. With SCREENSHOTS set, pictures go to that folder.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';
import { asEditor, hubUrl, publish } from './support.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.SCREENSHOTS;
const PAGES = {
  start: '/',
  results: '/solutions?q=Jugend&for=geestland',
  narrowed: '/solutions?topic=participation&state=DE-SN&sort=newest',
  nothing: '/solutions?q=Quantenkristallzucht',
  solution: '/solutions/adorfer-pfadreiniger',
  municipality: '/municipalities/geestland',
  municipalities: '/municipalities',
  compare: '/compare?m=geestland&m=adorf-vogtl',
  questions: '/questions',
  contacts: '/contacts',
  documents: '/documents',
  versions: '/solutions/adorfer-pfadreiniger/versions',
  watch: '/watch?q=Jugend&topic=participation&state=DE-SN',
  developers: '/developers',
  run: '/developers/run?operation=SearchSolutions&variables=%7B%22first%22%3A3%7D',
  refused: '/developers/run?operation=SaveWatch&variables=%7B',
  graphiql: '/developers/graphiql',
  imprint: '/imprint',
  'plain-language': '/plain-language',
  missing: '/nothing-of-the-kind',
};
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let browser;

before(async () => {
  assert.ok(existsSync(executablePath), `${executablePath} is missing: apt-get install chromium`);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  if (pictures) mkdirSync(pictures, { recursive: true });
});

after(() => browser?.close());

/** A window in which every request to somebody else is noted. */
async function open(options = {}) {
  const context = await browser.newContext({ baseURL: String(hubUrl), locale: 'de-DE', ...options });
  const page = await context.newPage();
  const foreign = [];
  const complaints = [];
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(hubUrl).host) foreign.push(request.url());
  });
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { context, page, foreign, complaints };
}

const LOOKS = {
  wide: { viewport: { width: 1280, height: 900 } },
  narrow: { viewport: { width: 320, height: 700 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  forced: { viewport: { width: 1280, height: 900 }, forcedColors: 'active' },
};

for (const [look, options] of Object.entries(LOOKS)) {
  test(`every page can be used by everybody: ${look}`, { timeout: 180_000 }, async () => {
    const { context, page, foreign, complaints } = await open(options);
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(path);
      if (pictures) await page.screenshot({ path: join(pictures, `${name}-${look}.png`), fullPage: true });
      const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= inner, `${path} is ${wide} wide in ${inner}`);
      assert.deepEqual(await violations(page), [], path);
    }
    assert.deepEqual(foreign, []);
    assert.deepEqual(complaints.filter((text) => !/\b40[04]\b/.test(text)), []);
    assert.deepEqual(await context.cookies(), []);
    await context.close();
  });
}

test('the markup is valid', async () => {
  const rules = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'long-title': 'off' } });
  for (const path of Object.values(PAGES)) {
    const answer = await fetch(new URL(path, hubUrl), { headers: { accept: 'text/html' } });
    const report = await rules.validateString(await answer.text());
    const told = report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${ruleId} ${line}: ${message}`));
    assert.deepEqual(told, [], path);
  }
});

/** What axe-core has to say against the page as it stands. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(' | ')}`);
}

/** Finds a solution, narrows it down and reads it, and what is alike, by links alone. */
async function walk(page) {
  await page.goto('/');
  await page.locator('#q').fill('Jugend');
  await page.getByRole('button', { name: 'Suchen' }).click();
  await page.waitForURL(/\/solutions\?q=Jugend/);
  const total = Number(await page.locator('.total strong').textContent());
  assert.ok(total > 3, String(total));
  await page.locator('.values a', { hasText: 'Sachsen' }).first().click();
  await page.waitForURL(/state=DE-SN/);
  const fewer = Number(await page.locator('.total strong').textContent());
  assert.ok(fewer < total && fewer > 0, `${fewer} of ${total}`);
  await page.getByRole('link', { name: /Filter entfernen: Sachsen/ }).click();
  await page.waitForURL((url) => !url.search.includes('state'));
  const title = await page.locator('.results .cards h3 a').first().textContent();
  await page.locator('.results .cards h3 a').first().click();
  assert.equal(await page.locator('h1').textContent(), title);
  await page.locator('.solution header .where a').first().click();
  await page.waitForURL(/\/municipalities\//);
  await page.getByRole('link', { name: 'Als meine Kommune verwenden' }).click();
  await page.waitForURL(/for=/);
  await page.getByRole('link', { name: /^Vergleichen/ }).first().click();
  await page.waitForURL(/\/compare\?/);
  assert.equal(await page.locator('.compare th[scope="col"]').count(), 2);
}

test('what others did is found and read', { timeout: 60_000 }, async () => {
  const { context, page } = await open();
  await walk(page);
  await context.close();
});

test('the same without any script', { timeout: 60_000 }, async () => {
  const { context, page } = await open({ javaScriptEnabled: false });
  await walk(page);
  await context.close();
});

test('the same by keyboard alone', { timeout: 60_000 }, async () => {
  const { context, page } = await open();
  await page.goto('/');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('Jugend');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=Jugend/);
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.matches('.results h3 a'))) break;
  }
  const title = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/solutions\/[a-z]/);
  assert.equal(await page.locator('h1').textContent(), title);
  await context.close();
});

test('suggestions help to choose the own municipality', { timeout: 60_000 }, async () => {
  const { context, page } = await open();
  await page.goto('/');
  await page.locator('#mine').pressSequentially('Geest');
  await page.getByRole('option', { name: 'Geestland' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/for=geestland/);
  assert.match(await page.locator('.mine').textContent(), /Sie schauen aus Geestland/);
  await context.close();
});

test('what is new is told without moving anything', { timeout: 60_000 }, async () => {
  const { context, page } = await open();
  const connected = page.waitForResponse((response) => response.headers()['content-type']?.includes('event-stream'));
  await page.goto('/');
  await connected;
  const first = await page.locator('.cards h3').first().textContent();
  await publish();
  await page.locator('[data-live] span', { hasText: '1 neue Lösung' }).waitFor();
  assert.equal(await page.locator('.cards h3').first().textContent(), first, 'what is being read stays');
  await publish();
  await page.locator('[data-live] span', { hasText: '2 neue Lösungen' }).waitFor();
  await page.getByRole('button', { name: 'Hinweise anhalten' }).click();
  assert.equal(await page.locator('[data-live]').textContent(), '');
  await context.close();
});

test('a search is watched without any script', { timeout: 60_000 }, async () => {
  const { context, page } = await open({ javaScriptEnabled: false, extraHTTPHeaders: asEditor });
  const name = `Jugend ${Date.now()}`;
  await page.goto('/solutions?q=Jugend&topic=participation');
  await page.getByRole('link', { name: 'Diese Suche beobachten' }).click();
  await page.waitForURL(/\/watch\?q=Jugend&topic=participation/);
  await page.getByLabel('Name der Beobachtung').fill(name);
  await page.getByLabel('Feed (Atom) mit eigener Adresse').check();
  await page.getByRole('button', { name: 'Beobachten' }).click();
  await page.getByRole('heading', { name: 'Die Suche wird beobachtet' }).waitFor();
  await page.getByRole('link', { name: 'Meine Beobachtungen' }).click();
  const entry = page.locator('.cards > li', { hasText: name });
  await entry.getByRole('button', { name: 'Anhalten' }).click();
  await entry.getByText('ruht').waitFor();
  await entry.getByRole('button', { name: 'Fortsetzen' }).click();
  await entry.getByRole('button', { name: 'Anhalten' }).waitFor();
  await entry.locator('summary').click();
  await entry.getByRole('button', { name: 'Löschen' }).click();
  await page.waitForURL(/\/watches$/);
  assert.equal(await entry.count(), 0);
  await context.close();
});

test('pages of who is signed in can be used by everybody', { timeout: 60_000 }, async () => {
  const { context, page } = await open({ extraHTTPHeaders: asEditor });
  for (const path of ['/watch?q=Jugend', '/watch?q=einwohner:viele', '/watches']) {
    await page.goto(path);
    assert.deepEqual(await violations(page), [], path);
  }
  await context.close();
});

test('a subscription can be listened to', { timeout: 60_000 }, async () => {
  const { context, page, complaints } = await open();
  await page.goto('/developers');
  const connected = page.waitForResponse((response) => response.headers()['content-type']?.includes('event-stream'));
  await page.getByRole('button', { name: 'Hier zuhören' }).click();
  await connected;
  await publish();
  await page.getByRole('log').getByText('"solutionPublished"').waitFor();
  await page.getByRole('button', { name: 'Aufhören' }).click();
  await page.getByRole('button', { name: 'Hier zuhören' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a page is small and quick', async () => {
  const { context, page } = await open();
  let bytes = 0;
  page.on('response', async (response) => {
    const sizes = await response.request().sizes().catch(() => null);
    bytes += sizes?.responseBodySize ?? 0;
  });
  await page.goto('/solutions?q=Jugend', { waitUntil: 'networkidle' });
  assert.ok(bytes > 0 && bytes < 60_000, `${bytes} bytes`);
  await context.close();
});
