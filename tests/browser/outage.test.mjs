// Goal: an outage as a trainer shows it: broken and mended on the page, seen there and in the log file, and kept as a
// scenario that replays it.
// Method: a real hasim over HTTP, a real browser that clicks.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connected, open_page, play, shot, start_browser, start_hasim, stop_all, until,
         until_healed } from './stage.mjs';

const kMember = '1234924189183';     // on hsm2
let browser, hasim, page;
before(async () => {
  browser = await start_browser();
  hasim = await start_hasim();
  page = await open_page(browser, hasim.address);
  await connected(page);
});
after(async () => {
  await browser?.close();
  await stop_all();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
const row = page => page.getByRole('list', { name: 'members on partition ' + kMember })
  .getByRole('listitem');
const shows = (locator, words) =>
  locator.filter({ hasText: words }).first().waitFor({ timeout: 15000 });

// How many pixels of the timeline have a colour of the page.
function painted(page, name) {
  return page.evaluate(wanted => {
    const canvas = document.getElementById('lanes');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const hex = getComputedStyle(document.documentElement).getPropertyValue('--' + wanted).trim();
    const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] === r && data[i + 1] === g && data[i + 2] === b) { count += 1; }
    }
    return count;
  }, name);
}

test('a pulled cable drops a member, and a plugged one brings it back', async () => {
  await shows(row(page), 'in service');
  assert.equal(await painted(page, 'down'), 0);
  await button(page, 'Pull out: Cable of hsm2').click();
  await shows(page.locator('.appliance', { hasText: 'hsm2' }).locator('.chip.wrong'), 'cable out');
  await shows(page.locator('.link[data-kind=cut]'), 'cable out');
  await shows(row(page), 'dropped, being retried');
  await shows(row(page), 'next in');
  const line = page.locator('#log li.down');
  await shows(line, 'HA group: 11234840370164 has dropped member: ' + kMember);
  await shows(line, 'The connection transitioned from valid to invalid');
  assert.match(hasim.log(), new RegExp('has dropped member: ' + kMember));
  await shows(row(page), /attempt 1 of 120/);
  await page.locator('#lanes').scrollIntoViewIfNeeded();
  await until('red in the timeline', async () => await painted(page, 'down') > 20);

  await button(page, 'Plug in: Cable of hsm2').click();
  await shows(row(page), 'in service');
  await shows(page.locator('#log li.up'), 'succeeded for member: ' + kMember);
  assert.match(hasim.log(), new RegExp('recovery attempt \\d+ succeeded for member: ' + kMember));
  await button(page, 'Pull out: Cable of hsm2').waitFor();
  await shows(row(page), '1 drop');
});

test('calls are counted, and their number in a second is told', async () => {
  const value = async key => Number((await page.locator(`[data-of=${key}] dd`).textContent())
    .replaceAll(',', ''));
  const first = await value('done');
  await until('more calls', async () => await value('done') > first + 20);
  const rate = await value('rate');
  assert.ok(rate > 4 && rate < 20, 'the load is 10 calls per second, not ' + rate);
  assert.ok(await value('retried') >= 1);
});

test('a fault with a length ends by itself', async () => {
  await page.getByLabel('A fault lasts').selectOption('30 s');
  await button(page, 'Stop for 30 s: NTLS of hsm1').click();
  const card = page.locator('.appliance').first();
  await shows(card.locator('.chip.wrong'), 'ntls stop');
  await button(page, 'Start: NTLS of hsm1').waitFor();
  await button(page, 'Stop for 30 s: NTLS of hsm1').waitFor({ timeout: 15000 });
  await page.getByLabel('A fault lasts').selectOption('until healed');
});

test('the dialog has all that can be done to a thing, and the keyboard reaches it', async () => {
  const more = button(page, 'More for: Partition ' + kMember + ' on hsm2');
  await more.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Partition ' + kMember });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.ok(await more.evaluate(element => element === document.activeElement));
  await page.keyboard.press('Enter');
  await dialog.getByRole('textbox', { name: /^slow/ }).fill('none');
  await page.keyboard.press('Enter');
  await shows(dialog.getByRole('alert'), 'Not done: expected');
  await dialog.getByRole('textbox', { name: /^slow/ }).fill('3');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await shows(page.locator('.appliance', { hasText: 'hsm2' }).locator('.chip.wrong'), 'slow 3');
  await page.getByRole('button', { name: 'Heal all' }).click();
  await until_healed(page);
});

test('what is given up comes back by hand', async () => {
  const line = page.getByRole('combobox', { name: /a line of the scenario language/ });
  await line.fill('member ' + kMember + ' revoke');
  await page.keyboard.press('Enter');
  await shows(row(page), 'revoked: not retried');
  await shows(page.locator('.group'), '1 member is not retried: Recover tries again');
  await button(page, 'Assign partition ' + kMember).click();
  await button(page, 'Assign partition ' + kMember).waitFor({ state: 'hidden' });
  await button(page, 'Recover haGroup1 by hand').click();
  await shows(row(page), 'in service');
});

test('an error in a line is shown with its place', async () => {
  const line = page.getByRole('combobox', { name: /a line of the scenario language/ });
  await line.fill('hsm2 cabel out');
  await page.keyboard.press('Enter');
  await shows(page.locator('#line-error'), "Column 6: expected a fault, found 'cabel'");
  assert.equal(await page.locator('#line-error pre').textContent(), 'hsm2 cabel out\n     ^');
  assert.equal(await line.evaluate(field => field.selectionStart), 5);
  await line.fill('hsm2 refuse');
  assert.equal(await page.locator('#line-error').textContent(), '');
  await page.keyboard.press('Enter');
  await shows(page.locator('.chip.wrong'), 'refuse');
  assert.equal(await line.inputValue(), '');
  await line.fill('hsm2 heal');
  await page.keyboard.press('Enter');
  await until_healed(page);
});

test('who opens the page later sees the story so far', async () => {
  const late = await open_page(browser, hasim.address, { viewport: { width: 1920, height: 1080 } });
  await connected(late);
  await shows(late.locator('#log li.down'), 'has dropped member: ' + kMember);
  await late.locator('#lanes').scrollIntoViewIfNeeded();
  await until('red in the timeline', async () => await painted(late, 'down') > 20);
  await late.locator('#lanes').focus();
  await late.keyboard.press('Home');
  await shows(late.locator('#lanes-said'), 'hsm2 cable out');
  assert.deepEqual(late.complaints, []);
  await late.context().close();
});

test('what was done is a scenario that replays', async () => {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download scenario' }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), 'hasim-outage.hasim');
  const file = path.join(hasim.folder, 'hasim-outage.hasim');
  await download.saveAs(file);
  const text = fs.readFileSync(file, 'utf8');
  assert.match(text, /^at .*hsm2 +cable out$/m);
  assert.match(text, /^at .*hsm2 +cable in$/m);
  const { code, said } = play(file);
  assert.equal(code, 0, said + '\n' + text);
});

test('nothing was complained about', async () => {
  assert.deepEqual(page.complaints, []);
  await shot(page, 'outage');
});
