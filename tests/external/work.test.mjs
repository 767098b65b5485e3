// Writing and reviewing in Debian's Chromium: two people bring a solution to its readers, with and without
// scripts; a third window sees it arrive. Every page of work is looked over by axe-core and html-validate.
// Starts a hub of its own. With SCREENSHOTS set, pictures go to that folder.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';

const binary = process.env.ALLMENDE_BINARY;
if (!binary) throw new Error('ALLMENDE_BINARY is not set; start the checks with tests/external/run.sh');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const pictures = process.env.SCREENSHOTS;
const directory = mkdtempSync(join(tmpdir(), 'allmende-work.'));
const PASSWORD = 'ein langes Kennwort';
const PLACE = 'adorf-vogtl';
const author = 'bauamt@adorf.example.org';
const reviewer = 'leitung@adorf.example.org';

let hub, url, browser;

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

before(async () => {
  const data = ['--data-directory', join(directory, 'data')];
  const admin = execFileSync(binary, [...data, 'token', 'create', '--role', 'admin'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  hub = spawn(binary, ['serve', '--demo', '--listen', '127.0.0.1:0', ...data], { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: hub.stdout })) {
    const [label, word] = line.split(/: | on /);
    if (label === 'listening') {
      url = word.replace(/\/$/, '');
      break;
    }
  }
  const { municipality } = await run(admin, `{ municipality(by: { slug: "${PLACE}" }) { id } }`);
  const CREATE = `mutation($input: CreateAccountInput!) {
    createAccount(input: $input) { account { id } userErrors { message } }
  }`;
  for (const [email, role] of [[author, 'EDITOR'], [reviewer, 'APPROVER']]) {
    const input = { email, password: PASSWORD, grants: [{ role, municipality: municipality.id }] };
    const { createAccount } = await run(admin, CREATE, { input });
    assert.deepEqual(createAccount.userErrors, []);
  }
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  if (pictures) mkdirSync(pictures, { recursive: true });
});

after(async () => {
  await browser?.close();
  await new Promise((resolve) => {
    hub.once('exit', resolve);
    hub.kill('SIGTERM');
  });
  rmSync(directory, { recursive: true, force: true });
});

/** A window that notes what its browser complains of. */
async function open(options = {}) {
  const context = await browser.newContext({ baseURL: url, locale: 'de-DE', ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  return { context, page, complaints };
}

async function signIn(page, email) {
  await page.goto('/work');
  await page.getByLabel('E-Mail-Adresse').fill(email);
  await page.getByLabel('Kennwort').fill(PASSWORD);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.waitForURL(/\/work$/);
}

/** Looks a page over as it stands in the browser. */
async function sound(page, name) {
  const path = new URL(page.url()).pathname;
  if (pictures) await page.screenshot({ path: join(pictures, `work-${name}.png`), fullPage: true });
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= inner, `${path} is ${wide} wide in ${inner}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(' | ')}`);
  assert.deepEqual(told, [], path);
}

const rules = new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'long-title': 'off' } });

/** Looks the markup over that the hub sent. */
async function valid(page) {
  const answer = await page.request.get(page.url(), { headers: { accept: 'text/html' } });
  const report = await rules.validateString(await answer.text());
  const told = report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${ruleId} ${line}: ${message}`));
  assert.deepEqual(told, [], page.url());
}

async function write(page, title) {
  await page.locator('#f-title').fill(title);
  await page.locator('#f-teaser').fill('Ein Satz, der neugierig macht.');
  await page.locator('#f-topics-1').check();
  await page.locator('#f-status').selectOption('RUNNING');
  await page.locator('#f-problem').fill('Es fehlt an allem.');
  await page.locator('#f-approach').fill('Alle packen an.');
  await page.locator('#f-contacts-1').check();
}

/** Writes, hands over, reviews, approves and publishes, by forms alone. */
async function bring(writing, reading, title, look = async () => {}) {
  await signIn(writing, author);
  await look(writing, 'desk');
  await writing.getByRole('link', { name: 'Lösung beschreiben' }).click();
  await look(writing, 'new');
  await writing.getByRole('button', { name: 'Entwurf speichern' }).first().click();
  await writing.getByRole('alert').waitFor();
  await look(writing, 'errors', false);
  await write(writing, title);
  await writing.getByRole('button', { name: /^Weiteren Eintrag hinzufügen ?: Quellen$/ }).click();
  await writing.locator('[name="sources.1.title"]').fill('Bericht');
  await writing.getByRole('button', { name: 'Entwurf speichern' }).first().click();
  await writing.waitForURL(/\/work\/solutions\/Solution:/);
  const path = new URL(writing.url()).pathname;
  assert.equal(await writing.locator('[name="sources.0.title"]').inputValue(), 'Bericht');
  await look(writing, 'edit');
  await writing.goto(`${path}/preview`);
  await look(writing, 'preview');
  await writing.goto(path);
  await writing.getByRole('button', { name: 'Einreichen' }).click();
  await writing.waitForURL(/saved=1/);
  await look(writing, 'submitted');

  await signIn(reading, reviewer);
  await reading.goto(`${path}/review`);
  await reading.getByRole('button', { name: 'Prüfen' }).click();
  await reading.getByRole('button', { name: 'Freigeben' }).waitFor();
  await look(reading, 'review');
  await reading.getByRole('button', { name: 'Freigeben' }).click();
  await reading.getByText('Freigegeben').first().waitFor();

  await writing.goto(path);
  await writing.getByRole('button', { name: 'Veröffentlichen' }).click();
  await writing.getByRole('link', { name: 'Öffentliche Seite' }).click();
  assert.equal(await writing.locator('h1').textContent(), title);
}

test('two people bring a solution to its readers, and a third window sees it arrive', { timeout: 180_000 }, async () => {
  const [writing, reading, third] = [await open(), await open(), await open()];
  const connected = third.page.waitForResponse((response) => response.headers()['content-type']?.includes('event-stream'));
  await third.page.goto('/');
  await connected;
  const look = async (page, name, isThere = true) => {
    await sound(page, name);
    if (isThere) await valid(page);
  };
  await bring(writing.page, reading.page, 'Ein Rufbus aus dem Browser', look);
  await third.page.locator('[data-live] span', { hasText: '1 neue Lösung' }).waitFor();
  for (const { context, complaints } of [writing, reading, third]) {
    assert.deepEqual(complaints.filter((text) => !/40\d|422/.test(text)), []);
    await context.close();
  }
});

test('the same without any script', { timeout: 180_000 }, async () => {
  const quiet = { javaScriptEnabled: false };
  const [writing, reading] = [await open(quiet), await open(quiet)];
  await bring(writing.page, reading.page, 'Ein Rufbus ohne Skripte');
  await writing.context.close();
  await reading.context.close();
});

test('a document gets its file, with and without a script', { timeout: 120_000 }, async () => {
  for (const [name, options] of Object.entries({ scripted: {}, plain: { javaScriptEnabled: false } })) {
    const { context, page } = await open(options);
    await signIn(page, author);
    await page.goto('/work/documents/new');
    if (name === 'scripted') {
      await sound(page, 'document-new');
      await valid(page);
    }
    await page.locator('#f-title').fill(`Satzung ${name}`);
    await page.locator('#f-kind').selectOption('PLAN');
    await page.getByRole('button', { name: 'Dokument hinzufügen' }).click();
    await page.waitForURL(/\/work\/documents\/ProjectDocument:/);
    const file = { name: `satzung-${name}.txt`, mimeType: 'text/plain', buffer: Buffer.from('Der Bus fährt. '.repeat(50_000)) };
    await page.getByLabel('Datei auswählen').setInputFiles(file);
    await page.getByRole('button', { name: 'Hochladen' }).click();
    await page.getByRole('link', { name: file.name }).waitFor();
    if (name === 'scripted') {
      await sound(page, 'document');
      await valid(page);
    }
    await page.getByRole('button', { name: 'Veröffentlichen' }).click();
    await page.getByText('Veröffentlicht').first().waitFor();
    await context.close();
  }
});

test('a process is kept step by step, and a measure becomes a solution, with and without a script', { timeout: 180_000 }, async () => {
  for (const [name, options] of Object.entries({ scripted: {}, plain: { javaScriptEnabled: false } })) {
    const { context, page } = await open(options);
    const look = async (room) => {
      if (name === 'plain') return;
      await sound(page, room);
      await valid(page);
    };
    const save = () => page.getByRole('button', { name: 'Speichern', exact: true }).first().click();
    await signIn(page, author);
    await page.getByRole('link', { name: 'Strategieprozesse' }).click();
    await look('processes');
    await page.locator('main .cards a').first().click();
    await page.locator('.timeline').waitFor();
    const there = new URL(page.url()).pathname;
    await look('process');

    await page.getByRole('link', { name: /^Bearbeiten ?: Zukunftswerkstatt$/ }).click();
    await look('process-step');
    await page.locator('#f-state').selectOption('DONE');
    await page.locator('#f-date').fill('irgendwann');
    await page.locator('#f-ends').fill('');
    await save();
    await page.getByRole('alert').waitFor();
    if (name === 'scripted') await sound(page, 'process-step-errors');
    assert.equal(await page.locator('#f-date').inputValue(), 'irgendwann');
    await page.locator('#f-date').fill('14.9.2023');
    await save();
    await page.waitForURL(/saved=1/);
    assert.match(await page.locator('#workshop').textContent(), /14\.9\.2023/);

    const title = `Dorfladen ${name}`;
    await page.getByRole('link', { name: 'Maßnahme hinzufügen' }).click();
    await look('process-measure');
    await page.locator('#f-title').fill(title);
    await page.locator('#f-status').selectOption('DONE');
    await save();
    await page.waitForURL(/saved=1/);
    await page.getByRole('link', { name: title, exact: true }).click();
    await look('process-measure-made');
    await page.goto(there);
    await page.getByRole('button', { name: new RegExp(`^Daraus eine Lösung machen ?: ${title}$`) }).click();
    await page.waitForURL(/\/work\/solutions\/Solution:/);
    assert.equal(await page.locator('#f-title').inputValue(), title);

    await page.goto(`${there}/outline`);
    await look('process-outline');
    await page.getByRole('button', { name: /^Weiteren Eintrag hinzufügen ?: Schwerpunkte$/ }).click();
    await page.locator('#f-swot-strengths').fill('Vereine\nSchule');
    await save();
    await page.waitForURL(/saved=1/);
    await page.getByText('Schule', { exact: true }).waitFor();
    await context.close();
  }
});

test('a question is asked, answered with a solution that was searched for, and closed', { timeout: 180_000 }, async () => {
  for (const [name, options] of Object.entries({ scripted: {}, plain: { javaScriptEnabled: false } })) {
    const { context, page } = await open(options);
    const look = async (room) => {
      if (name === 'plain') return;
      await sound(page, room);
      await valid(page);
    };
    await signIn(page, author);
    await page.goto('/work/questions/new');
    await page.locator('#f-title').fill(`Wer kennt das (${name})?`);
    await page.locator('#f-text').fill('Wir nicht.');
    await page.getByRole('button', { name: 'Frage stellen' }).click();
    await page.waitForURL(/\/questions\/Question:/);
    await look('question');
    await page.locator('#f-text').fill('Wir haben es so gemacht.');
    await page.getByLabel('Weitere Lösungen suchen').fill('Jugend');
    await page.getByRole('button', { name: 'Suchen', exact: true }).click();
    await page.waitForURL(/\/answer#f-solutions$/);
    assert.equal(await page.locator('#f-text').inputValue(), 'Wir haben es so gemacht.');
    if (name === 'scripted') await sound(page, 'question-search');
    await page.locator('#f-solutions-1').check();
    await page.getByRole('button', { name: 'Antworten', exact: true }).click();
    await page.waitForURL(/saved=1/);
    await look('question-answered');
    await page.getByRole('button', { name: 'Diese Antwort hat geholfen' }).click();
    await page.getByText('Angenommene Antwort').first().waitFor();
    await page.getByRole('button', { name: 'Frage abschließen' }).click();
    await page.getByText('geschlossen').first().waitFor();
    await look('question-closed');
    await context.close();
  }
});

test('the pages of work can be used on a narrow screen, in the dark, and with forced colours', { timeout: 180_000 }, async () => {
  for (const [look, options] of Object.entries({
    narrow: { viewport: { width: 320, height: 700 } },
    dark: { colorScheme: 'dark' },
    forced: { forcedColors: 'active' },
  })) {
    const { context, page } = await open(options);
    await page.goto('/sign-in');
    await sound(page, `sign-in-${look}`);
    await signIn(page, author);
    for (const path of ['/work', '/work/solutions/new', '/work/contacts/new', '/work/questions/new', '/work/processes']) {
      await page.goto(path);
      await sound(page, `${path.slice(1).replaceAll('/', '-')}-${look}`);
    }
    await page.locator('main .cards a').first().click();
    await page.locator('.timeline').waitFor();
    await sound(page, `process-${look}`);
    const there = new URL(page.url()).pathname;
    for (const part of ['outline', 'workshop', 'new-measure']) {
      await page.goto(`${there}/${part}`);
      await sound(page, `process-${part}-${look}`);
    }
    await context.close();
  }
});

test('while somebody types, it is saved; what cannot be saved is kept and offered again', { timeout: 120_000 }, async () => {
  const { context, page } = await open();
  await signIn(page, author);
  await page.goto('/work/solutions/new');
  await page.locator('#f-title').fill('Von selbst gespeichert');
  await page.getByRole('button', { name: 'Entwurf speichern' }).first().click();
  await page.waitForURL(/\/work\/solutions\/Solution:/);
  const saved = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.locator('#f-problem').fill('Es fehlt an allem.');
  assert.equal((await saved).status(), 200);
  await page.locator('[data-state]', { hasText: 'Zuletzt gespeichert um' }).first().waitFor();
  await page.reload();
  assert.equal(await page.locator('#f-problem').inputValue(), 'Es fehlt an allem.');

  // The connection is lost.
  await page.route('**/work/solutions/**', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.locator('#f-approach').fill('Alle packen an.');
  await page.locator('[data-state]', { hasText: 'auf diesem Gerät gemerkt' }).first().waitFor();
  await page.unroute('**/work/solutions/**');
  await page.reload();
  assert.equal(await page.locator('#f-approach').inputValue(), '');
  await page.getByRole('button', { name: 'Wieder einsetzen' }).click();
  assert.equal(await page.locator('#f-approach').inputValue(), 'Alle packen an.');
  await page.getByRole('button', { name: 'Speichern', exact: true }).first().click();
  await page.waitForURL(/saved=1/);
  assert.equal(await page.evaluate(() => Object.keys(localStorage).length), 0);
  await context.close();
});

test('whose session is over signs in again and loses nothing', { timeout: 120_000 }, async () => {
  const { context, page } = await open();
  await signIn(page, author);
  await page.goto('/work/solutions/new');
  await page.locator('#f-title').fill('Lange überlegt');
  await page.locator('#f-problem').fill('Erste Zeile\nZweite Zeile');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Entwurf speichern' }).first().click();
  await page.getByLabel('E-Mail-Adresse').fill(author);
  await page.getByLabel('Kennwort').fill(PASSWORD);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.waitForURL(/\/work\/solutions\/Solution:/);
  assert.equal(await page.locator('#f-problem').inputValue(), 'Erste Zeile\nZweite Zeile');
  await page.getByRole('button', { name: 'Abmelden' }).click();
  await page.waitForURL(`${url}/`);
  assert.deepEqual(await context.cookies(), []);
  assert.equal(await page.evaluate(() => Object.keys(localStorage).length), 0);
  await context.close();
});
