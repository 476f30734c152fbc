import { expect, test } from 'vitest';
import { NO_BROWSER, OpenPage } from './browser.ts';
import { Testbed } from './testbed.ts';

const PATIENCE = { timeout: 8_000 };

if (NO_BROWSER) console.warn(`skipped: the tests of the page: ${NO_BROWSER}`);

test.skipIf(NO_BROWSER)('an operator drains, watches the turn finish, and cancels on the page', async () => {
  await using testbed = await Testbed.start({ turn: 2_500 });
  await using browser = await OpenPage.open(360);
  const { page } = browser;
  await page.goto(testbed.dashboard.link);
  await page.locator('#state', { hasText: 'running' }).waitFor(PATIENCE);
  expect(page.url()).not.toContain('token');

  const turn = testbed.client.say('anna', 'take your time');
  await page.locator('#turns li', { hasText: 'anna' }).waitFor(PATIENCE);
  await page.fill('#reason', 'new <b>image</b>');
  await page.check('#quiet');
  await page.click('#drain');
  await page.locator('#state', { hasText: 'draining' }).waitFor(PATIENCE);
  await page.locator('#drain-info', { hasText: 'new <b>image</b>' }).waitFor(PATIENCE);
  expect(await page.locator('#safe').textContent()).toMatch(/no/i);
  expect((await testbed.client.say('ben', 'hello')).status).toBe(503);

  expect((await turn).body.status).toBe('done');
  await page.locator('#safe', { hasText: /yes/i }).waitFor(PATIENCE);
  await page.click('#cancel');
  await page.locator('#state', { hasText: 'running' }).waitFor(PATIENCE);
  expect((await testbed.client.say('ben', 'hello')).status).toBe(200);

  const widest = await page.evaluate('document.documentElement.scrollWidth');
  expect(widest).toBeLessThanOrEqual(360);
  expect(browser.complaints).toEqual([]);
  const { origin } = new URL(testbed.dashboard.url);
  expect(browser.requested.filter((url) => new URL(url).origin !== origin && !url.startsWith('data:'))).toEqual([]);
  expect(browser.requested.filter((url) => url.includes('token'))).toEqual([]);
});

test.skipIf(NO_BROWSER)(
  'the page asks for the token when it has none or a wrong one, and says when the connection is lost',
  async () => {
    await using testbed = await Testbed.start();
    await using browser = await OpenPage.open(1_000);
    const { page } = browser;
    await page.goto(testbed.dashboard.url);
    await page.locator('#login').waitFor(PATIENCE);
    await page.fill('#token', 'wrong');
    await page.keyboard.press('Enter');
    await page.locator('#message', { hasText: /secret|token|refused|wrong/i }).waitFor(PATIENCE);
    await page.fill('#token', new URLSearchParams(new URL(testbed.dashboard.link).hash.slice(1)).get('token') ?? '');
    await page.keyboard.press('Enter');
    await page.locator('#state', { hasText: 'running' }).waitFor(PATIENCE);

    await testbed.gateway.program.kill('SIGKILL');
    await page.locator('#state', { hasText: 'stopped' }).waitFor(PATIENCE);
    await testbed.dashboard.program.kill('SIGKILL');
    await page.locator('#message', { hasText: /connection lost, showing \d\d:\d\d:\d\d/i }).waitFor(PATIENCE);
  },
);
