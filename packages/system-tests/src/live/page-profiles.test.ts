import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NO_BROWSER } from './browser.ts';
import { Operator } from './operator.ts';
import { planProfiles } from './profiles.ts';
import { SharedBrowser } from './shared-browser.ts';
import { Testbed } from './testbed.ts';

const chromium = new SharedBrowser();

if (NO_BROWSER) console.warn(`skipped: the tests of a page with several profiles: ${NO_BROWSER}`);

test.skipIf(NO_BROWSER)('two hundred profiles can be searched, and each has its state', async () => {
  await using testbed = await Testbed.start();
  await planProfiles(testbed.home, 199);
  await using browser = await chromium.open(1_280);
  const { page } = browser;
  const operator = new Operator(page);
  await operator.follow(testbed.dashboard.link);
  await page.getByRole('link', { name: /plan-198/ }).waitFor();
  expect(await page.getByRole('navigation').getByRole('link').count()).toBe(200);
  await page.getByRole('searchbox').fill('plan-01');
  await page.getByRole('link', { name: /plan-198/ }).waitFor({ state: 'detached' });
  expect(await page.getByRole('navigation').getByRole('link').count()).toBe(10);
});

test.skipIf(NO_BROWSER)('only the profile that is selected and in the list can be acted on', async () => {
  await using testbed = await Testbed.start();
  await planProfiles(testbed.home, 4);
  await using browser = await chromium.open(1_280);
  const { page } = browser;
  const operator = new Operator(page);
  await operator.follow(testbed.dashboard.link);
  await page.getByRole('button', { name: 'Drain…' }).waitFor();

  await page.getByRole('searchbox').fill('plan-002');
  await operator.sees('hidden', 'The filter hides default');
  expect(await actionsOf(page)).toEqual([]);
  await page.getByRole('link', { name: /plan-002/ }).click();
  await page.getByRole('heading', { level: 2, name: 'plan-002' }).waitFor();
  expect(await actionsOf(page)).toContain('Drain…');
  await page.getByRole('searchbox').fill('default');
  await operator.sees('hidden', 'The filter hides plan-002');
  expect(await actionsOf(page)).toEqual([]);
  await page.getByRole('searchbox').fill('no such name');
  await page.getByText('No profile matches.').waitFor();
  expect(await actionsOf(page)).toEqual([]);
  await operator.press('Clear the filter');
  await page.getByRole('button', { name: 'Drain…' }).waitFor();
  await page.getByRole('button', { name: /^Safe to stop/ }).click();
  await operator.sees('hidden', 'The filter hides plan-002');
  expect(await actionsOf(page)).toEqual([]);
});

test.skipIf(NO_BROWSER).each([0, 3])(
  'a link to a profile that is not there shows no other one, beside %i others',
  async (others) => {
    await using testbed = await Testbed.start();
    await planProfiles(testbed.home, others);
    for (const width of [1_280, 360]) {
      await using browser = await chromium.open(width);
      const { page } = browser;
      const operator = new Operator(page);
      await operator.follow(testbed.dashboard.link);
      await operator.sees('link', 'Live');
      await operator.follow(`${page.url().replace(/#.*/, '')}#profile=suport`);
      await page.getByRole('heading', { level: 2, name: 'There is no profile suport' }).waitFor();
      expect(await actionsOf(page)).toEqual([]);
      expect(await page.locator('[aria-current]').count()).toBe(0);
      expect(await browser.violations(), `${width} px`).toEqual([]);
      await page.getByRole('link', { name: 'Show all profiles' }).click();
      await page.getByRole('heading', { name: 'There is no profile' }).waitFor({ state: 'detached' });
    }
  },
);

test.skipIf(NO_BROWSER)('several profiles are drained and cancelled at once, and a failure is named', async () => {
  await using testbed = await Testbed.start();
  await planProfiles(testbed.home, 3);
  await using browser = await chromium.open(1_280);
  const { page } = browser;
  await page.route('**/api/gateway/drain', async (route) => {
    const { profile } = (route.request().postDataJSON() ?? {}) as { profile?: string };
    if (profile !== 'plan-001') return route.continue();
    return route.fulfill({ status: 507, json: { code: 'storage-full', title: 'The volume is full.' } });
  });
  const operator = new Operator(page);
  await operator.follow(testbed.dashboard.link);
  await page.getByRole('link', { name: /plan-002/ }).waitFor();
  await page.getByLabel('Select all').check();
  await operator.sees('selection', '4 selected: 4 not draining');
  await operator.press('Drain 4 profiles…');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('new image');
  await dialog.getByRole('button', { name: 'Drain', exact: true }).click();
  await operator.sees('dialog', '3 of 4 requested, 1 failed');
  await operator.sees('dialog', 'plan-001: The volume is full.');
  expect(await browser.violations()).toEqual([]);
  await operator.press('Close');
  await operator.sees('selection', /1 safe to stop, 2 draining \(\d turns? left\), 1 not draining/);

  await page.getByLabel('Select plan-001').uncheck();
  await operator.press('Cancel 3 drains…');
  await operator.sees('dialog', 'plan-002 by dashboard: new image');
  await operator.press('Cancel 3 drains');
  await operator.sees('dialog', '3 of 3 cancelled');
  await operator.press('Close');
  await operator.sees('selection', '3 selected: 3 not draining');
  const widest = await page
    .setViewportSize({ width: 360, height: 740 })
    .then(() => page.evaluate('document.documentElement.scrollWidth'));
  expect(widest).toBeLessThanOrEqual(360);
  expect(await browser.violations()).toEqual([]);
});

/** What can be done about a profile, by the names of its buttons. */
async function actionsOf(page: Page): Promise<string[]> {
  return page.getByRole('group', { name: 'Actions' }).getByRole('button').allTextContents();
}
