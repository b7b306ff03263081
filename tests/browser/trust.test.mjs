// Goal: the page says when it is alone, shows what it is told as text, and keeps its token to itself.
// Method: a hasim that is killed, one with a label of markup, one that asks for a token.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import os from 'node:os';
import { after, before, test } from 'node:test';
import { connected, kTwo, open_page, relay_to, shot, start_browser, start_hasim, stop_all, until,
         until_healed } from './stage.mjs';

let browser;
before(async () => { browser = await start_browser(); });
after(async () => {
  await browser?.close();
  await stop_all();
});

test('a killed hasim is a lost connection, and a new one is found', async () => {
  const first = await start_hasim();
  const page = await open_page(browser, first.address);
  await connected(page);
  const files = await page.locator('#files').textContent();
  const act = page.getByRole('button', { name: 'Pull out: Cable of hsm1', exact: true });
  assert.ok(await act.isEnabled());
  await page.getByRole('button', { name: 'Switch off: Power of hsm1', exact: true }).click();
  await page.locator('.chip.wrong').waitFor();
  await page.locator('#log li').first().waitFor({ timeout: 15000 });
  await first.kill();
  const badge = page.locator('#connection[data-kind=lost]');
  await badge.waitFor({ timeout: 5000 });
  assert.equal(await badge.textContent(), 'connection lost, reconnecting');
  assert.equal(await badge.getAttribute('role'), 'status');
  await until('no button is enabled', () => page.evaluate(() =>
    [...document.querySelectorAll('.act')].every(button => button.disabled)));
  await page.getByRole('button', { name: /next try in \d s: try now/ }).waitFor({ timeout: 10000 });
  await shot(page, 'lost');

  // Another run at the same place: what was told of the first is not its story.
  await start_hasim(kTwo, { port: first.port });
  await connected(page);
  await until_healed(page);
  assert.ok(await act.isEnabled());
  assert.notEqual(await page.locator('#files').textContent(), files);
  assert.equal(await page.locator('#log li').count(), 0);
  assert.deepEqual(page.complaints, []);
});

test('what happened while the connection was lost is told once', async () => {
  const hasim = await start_hasim();
  const relay = await relay_to(hasim);
  const page = await open_page(browser, relay.address);
  await connected(page);
  const give = line => fetch(hasim.address + 'api/v1/commands', { method: 'POST', body: line });
  const lines = () => hasim.log().split('\n').length - 1;
  await give('hsm1 reset');
  await page.locator('#log li.up').waitFor({ timeout: 15000 });
  await relay.cut();
  await page.locator('#connection[data-kind=lost]').waitFor({ timeout: 5000 });
  const before = lines();
  assert.equal(await page.locator('#log li').count(), before);
  await give('hsm2 cable out');
  await until('a drop and a failed attempt', () => lines() >= before + 2);
  await relay.mend();
  await connected(page);
  await page.locator('.member', { hasText: 'dropped, being retried' }).waitFor();
  await page.locator('.chip.wrong', { hasText: 'cable out' }).waitFor();
  await until('every line once', async () => await page.locator('#log li').count() === lines());
  assert.deepEqual(await page.locator('#log code').allTextContents(),
                   hasim.log().trimEnd().split('\n'));
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await relay.close();
});

test('missed events are told, and the state is asked for again', async () => {
  const hasim = await start_hasim();
  const page = await open_page(browser, hasim.address);
  await connected(page);
  await page.route('**/api/v1/events?after=0', route => route.fulfill({
    contentType: 'text/event-stream', body: 'id: 1\nevent: gap\ndata: {}\n\n' }));
  let asked = 0;
  page.on('request', request => { asked += request.url().endsWith('/api/v1/state') ? 1 : 0; });
  await page.reload();
  await page.locator('#log .gap').first().waitFor();
  await connected(page);
  await until('the state, for the first stream, for the gap, and for the second stream',
              () => asked === 3);
  assert.deepEqual(page.complaints, []);
});

test('a label of markup stays text', async () => {
  const label = '<img src=x onerror="document.title=1">';
  const hasim = await start_hasim([[label, '11234840370164', ['1234840370164', '1234924189183']]]);
  const page = await open_page(browser, hasim.address);
  await connected(page);
  await page.getByRole('heading', { name: label }).waitFor();
  await page.getByRole('button', { name: 'Pull out: Cable of hsm2', exact: true }).click();
  await page.locator('#log li').first().waitFor({ timeout: 15000 });
  assert.equal(await page.locator('img, main script').count(), 0);
  assert.match(await page.title(), /^hasim/);
  assert.match(await page.locator('#appliances').textContent(), /<img src=x onerror=/);
  assert.deepEqual(page.complaints, []);
});

test('the token is asked for, and never part of an address that is sent', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'hasim-token-')), 'token');
  const token = 'a-token-of-thirty-two-characters';
  fs.writeFileSync(file, token + '\n', { mode: 0o600 });
  const hasim = await start_hasim(kTwo, { more: ['--http-token-file', file] });
  const page = await open_page(browser, hasim.address);
  const asked = [];
  page.on('request', request => asked.push(request.url()));
  await page.locator('#connection[data-kind=token]').waitFor();
  assert.equal(await page.locator('.appliance').count(), 0);
  await page.getByLabel(/asks for a token/).fill(token);
  await page.keyboard.press('Enter');
  await connected(page);
  assert.ok(asked.length > 0 && asked.every(address => !address.includes(token)), asked.join('\n'));
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length,
                                              document.cookie]), [0, 0, '']);

  const second = await open_page(browser, hasim.address + '#token=' + token);
  await connected(second);
  assert.deepEqual(second.complaints, []);
});
