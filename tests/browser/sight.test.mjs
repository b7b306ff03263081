// Goal: everybody can use the page: at any width, in light and dark, with a keyboard and a screen reader, and with a
// hundred members.
// Method: axe-core on the page as it is in an outage; widths, focus and sizes measured; screenshots for people.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { connected, kTwo, open_page, shot, start_browser, start_hasim, stop_all,
         until } from './stage.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kSizes = [['projector', 1920, 1080, 'light'], ['laptop', 1366, 768, 'dark'],
                ['tablet', 820, 1180, 'light'], ['phone', 360, 740, 'dark'],
                ['phone-light', 360, 740, 'light'], ['projector-dark', 1920, 1080, 'dark']];
let browser, hasim;
before(async () => {
  browser = await start_browser();
  hasim = await start_hasim(kTwo);
});
after(async () => {
  await browser?.close();
  await stop_all();
});

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run());
  return found.violations.map(each => [each.id, ...each.nodes.map(node => node.html)].join('\n'));
}

const overflow = page => page.evaluate(() =>
  document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const [name, width, height, colorScheme] of kSizes) {
  test('nobody is shut out on a ' + name, async () => {
    const viewport = { width, height };
    const page = await open_page(browser, hasim.address, { viewport, colorScheme });
    await connected(page);
    if (await page.locator('.chip.wrong').count() === 0) {
      await page.getByRole('button', { name: 'Pull out: Cable of hsm2', exact: true }).click();
      await page.locator('#log li').first().waitFor({ timeout: 15000 });
    }
    assert.deepEqual(await violations(page), []);
    assert.ok(await overflow(page) <= 0, 'the page is wider than its window');
    await shot(page, name);
    await page.getByRole('button', { name: 'More for: Cable of hsm1', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(await violations(page), []);
    await shot(page, name + '-dialog');
    await page.keyboard.press('Escape');
    await page.locator('#line').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.locator('#line-error p').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('whoever moves with the tab key sees where they are', async () => {
  const page = await open_page(browser, hasim.address);
  await connected(page);
  const seen = new Set();
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const { name, outline, body } = await page.evaluate(() => {
      const element = document.activeElement;
      const name = element.getAttribute('aria-label') ?? element.textContent;
      const outline = getComputedStyle(element).outlineStyle;
      return { name, outline, body: element === document.body };
    });
    if (body) { continue; }   // between the page's end and its beginning
    assert.notEqual(outline, 'none', 'no outline on ' + name);
    seen.add(name);
  }
  for (const name of ['Heal all', 'Switch off: Power of hsm2', 'lines of the HA log',
                      'Deactivate: Partition 1234840370164 on hsm1']) {
    assert.ok(seen.has(name), name + ' is not reached; reached are ' + [...seen].join(', '));
  }
  await page.context().close();
});

// Lines that come do not move a log that somebody scrolled up to read, and who goes to its end follows it again.
async function stays_where_read(page) {
  const log = page.locator('#log');
  const place = () => log.evaluate(list => list.scrollTop);
  const below = () => log.evaluate(list => list.scrollHeight - list.scrollTop - list.clientHeight);
  const new_lines = async () => {
    const before = await log.locator('li').count();
    await page.locator('#line').fill('all reset');
    await page.keyboard.press('Enter');
    await until('new lines', async () => await log.locator('li').count() > before);
  };
  await log.evaluate(list => { list.scrollTop = 200; });
  await new_lines();
  assert.equal(await place(), 200);
  await until_all_up(page);
  await page.getByRole('button', { name: /new line/ }).click();
  await until('the end', async () => await below() <= 2);
  const end = await place();
  await new_lines();
  await until('it follows again', async () => await place() > end && await below() <= 2);
}

function until_all_up(page) {
  return until('all are back', async () =>
    await page.locator('.member[data-kind=up]').count() === 100, 20);
}

test('a hundred members that all drop at once are a page that still answers', async () => {
  const groups = Array.from({ length: 10 }, (_, g) => ['group ' + g, '1' + (1234000000000 + g * 10),
    Array.from({ length: 10 }, (_, m) => String(1234000000000 + g * 10 + m))]);
  const many = await start_hasim(groups, { servers: 20 });
  try {
    const viewport = { width: 1920, height: 1080 };
    const page = await open_page(browser, many.address, { viewport });
    await connected(page);
    assert.equal(await page.locator('.member').count(), 100);
    await page.locator('#line').fill('all reset');
    const slowest = page.evaluate(() => new Promise(resolve => {
      const begin = performance.now();
      let last = begin, worst = 0;
      const frame = now => {
        worst = Math.max(worst, now - last);
        last = now;
        if (now < begin + 6000) { requestAnimationFrame(frame); } else { resolve(worst); }
      };
      requestAnimationFrame(frame);
    }));
    await page.keyboard.press('Enter');
    await until('a line for each member', async () => await page.locator('#log li').count() >= 100);
    await until_all_up(page);
    const worst = await slowest;
    assert.ok(worst < 1000, 'a frame took ' + Math.round(worst) + ' ms');
    await page.getByLabel('only where something is wrong').check();
    await page.locator('#nothing-wrong').waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.complaints, []);
    await page.getByLabel('only where something is wrong').uncheck();
    await shot(page, 'hundred');
    await stays_where_read(page);
  } finally {
    await many.stop();
  }
});
