import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { NO_BROWSER } from './browser.ts';
import { Operator } from './operator.ts';
import { planProfiles } from './profiles.ts';
import { SharedBrowser } from './shared-browser.ts';
import { Testbed } from './testbed.ts';
import { TurnGate } from './turn-gate.ts';

const chromium = new SharedBrowser();

if (NO_BROWSER) console.warn(`skipped: the tests of the page: ${NO_BROWSER}`);

test.skipIf(NO_BROWSER)('an operator drains, watches the turn finish, and cancels on the page', async () => {
  await using gate = await TurnGate.start();
  await using testbed = await Testbed.start({ agent: gate.agent });
  await using browser = await chromium.open(360);
  const operator = new Operator(browser.page);
  await operator.follow(testbed.dashboard.link);
  await operator.sees('state', 'running');
  expect(browser.page.url()).not.toContain('token');

  const turn = testbed.client.say('anna', 'take your time');
  await operator.sees('turns', 'anna');
  await operator.drain({ reason: 'new <b>image</b>', quiet: true });
  await operator.sees('state', 'draining');
  await operator.sees('verdict', /^1 turn left, for \d+\ss, last progress \d+\ss ago$/);
  await operator.sees('drain', 'new <b>image</b>');
  await operator.sees('drain', 'no shutdown notice to the home channels');
  expect((await testbed.client.say('ben', 'hello')).status).toBe(503);
  gate.open();

  expect((await turn).body.status).toBe('done');
  await operator.sees('verdict', 'Safe to stop');
  expect(await browser.page.title()).toMatch(/^Safe to stop/);
  await operator.press('Cancel drain');
  await operator.sees('state', 'running');
  expect((await testbed.client.say('ben', 'hello')).status).toBe(200);
  await operator.sees('requests', /Cancel by .*Drain by/s);

  const widest = await browser.page.evaluate('document.documentElement.scrollWidth');
  expect(widest).toBeLessThanOrEqual(360);
  expect(browser.complaints).toEqual([]);
  const { origin } = new URL(testbed.dashboard.url);
  expect(browser.requested.filter((url) => new URL(url).origin !== origin)).toEqual([]);
  expect(browser.requested.filter((url) => url.includes('token'))).toEqual([]);
});

test.skipIf(NO_BROWSER)(
  'the page follows the events and tells when the gateway and the dashboard are gone',
  async () => {
    await using testbed = await Testbed.start();
    await using browser = await chromium.open(1_000);
    const operator = new Operator(browser.page);
    await operator.follow(testbed.dashboard.link);
    await operator.sees('state', 'running');
    await testbed.gateway.program.kill('SIGKILL');
    await operator.sees('state', 'died');
    await operator.sees('verdict', /^Died after \d\d:\d\d:\d\d with 0 turns in flight, and has not restarted$/);
    await testbed.startGateway();
    await operator.sees('state', 'running');
    expect(browser.requested.filter((url) => url.endsWith('/api/profiles'))).toEqual([]);

    await testbed.dashboard.program.kill('SIGKILL');
    await operator.sees('alert', /connection lost, showing \d\d:\d\d:\d\d/i);
    await operator.sees('verdict', /^At \d\d:\d\d:\d\d, before the connection was lost/);
  },
);

test.skipIf(NO_BROWSER)('a lost connection comes back by itself when the dashboard does', async () => {
  await using testbed = await Testbed.start();
  await using browser = await chromium.open(1_000);
  const operator = new Operator(browser.page);
  await operator.follow(testbed.dashboard.link);
  await operator.sees('state', 'running');
  await browser.page.context().setOffline(true);
  await operator.sees('alert', /connection lost/i);
  await testbed.client.say('anna', 'hello');
  await browser.page.context().setOffline(false);
  await operator.sees('link', 'Live');
  await operator.sees('verdict', /^Accepting messages/);
});

test.skipIf(NO_BROWSER)('the page asks for the secret when it has none or a wrong one', async () => {
  await using testbed = await Testbed.start();
  await using browser = await chromium.open(1_000);
  const operator = new Operator(browser.page);
  await operator.follow(testbed.dashboard.url);
  await operator.logIn('wrong');
  await operator.sees('alert', 'The secret was not accepted.');
  await operator.logIn(tokenOf(testbed.dashboard.link));
  await operator.sees('state', 'running');
  await operator.press('Log out');
  await browser.page.getByLabel('Secret').waitFor();
  expect(await browser.page.evaluate('sessionStorage.length')).toBe(0);
});

test.skipIf(NO_BROWSER)('everything can be done with the keyboard alone', async () => {
  await using testbed = await Testbed.start();
  await planProfiles(testbed.home, 3);
  await using browser = await chromium.open(1_280);
  const { page } = browser;
  const operator = new Operator(page);
  await operator.follow(testbed.dashboard.url);
  await page.locator('#token:focus').waitFor();
  await page.keyboard.type(tokenOf(testbed.dashboard.link));
  await page.keyboard.press('Enter');
  await operator.sees('state', 'running');

  await page.keyboard.press('/');
  await page.keyboard.type('plan-002');
  await operator.tabTo('plan-002');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'plan-002' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('default');
  await operator.tabTo('default');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'default' }).waitFor();

  await operator.tabTo('Drain…');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await operator.focused()).toContain('Drain…');
  await page.keyboard.press('Enter');
  await operator.tabTo('Reason');
  await page.keyboard.type('by hand');
  await page.keyboard.press('Enter');
  await operator.sees('verdict', 'Safe to stop');
  await operator.sees('drain', 'by hand');
  // The drain can be seen before its request is answered and the dialog closes.
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => operator.focused()).toContain('default');
  await operator.tabTo('Cancel drain');
  await page.keyboard.press('Enter');
  await operator.sees('verdict', /^Accepting messages/);
});

test.skipIf(NO_BROWSER)('a button pressed again while its dialog is closing opens it again', async () => {
  await using testbed = await Testbed.start();
  await using browser = await chromium.open(1_280);
  const operator = new Operator(browser.page);
  await operator.follow(testbed.dashboard.link);
  await operator.press('Drain…');
  await browser.page.evaluate(`
    document.querySelector('dialog').close();
    document.querySelector('.actions .primary').click();
  `);
  await operator.sees('dialog', 'Reason');
  await browser.page.getByLabel('Reason').fill('again');
  await browser.page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
  await browser.page.getByRole('dialog').waitFor({ state: 'detached' });
});

test.skipIf(NO_BROWSER)('a missing scope is named where it was needed', async () => {
  await using testbed = await Testbed.start();
  await using browser = await chromium.open(1_000);
  const { page } = browser;
  const problem = {
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'The credential eyes lacks the scope drain.',
    scope: 'drain',
  };
  await page.route('**/api/gateway/drain', (route) =>
    route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  const operator = new Operator(page);
  await operator.follow(testbed.dashboard.link);
  await operator.sees('state', 'running');
  await operator.drain({ reason: 'new image' });
  await operator.sees('alert', 'The credential eyes lacks the scope drain.');
});

test.skipIf(NO_BROWSER)('a restart is offered where a supervisor is, and forcing it asks twice', async () => {
  await using testbed = await Testbed.start();
  await using browser = await chromium.open(1_000);
  const { page } = browser;
  const running = await testbed.client.profile('default');
  const slot = { state: 'running', ready: true, seconds: 9, pid: 7, exit_code: null, signal: null };
  const profiles = [{ ...running, active_agents: 2, slot }];
  const snapshot = { now: new Date().toISOString(), host: 'h', home: '/h', profiles };
  const body = `id: r-1\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`;
  await page.route('**/api/events', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
  const wishes: unknown[] = [];
  await page.route('**/api/gateway/restart', (route) => {
    wishes.push(route.request().postDataJSON());
    const restart = { state: 'stopping', since: new Date().toISOString(), error: null };
    return route.fulfill({ status: 202, json: { ok: true, restart } });
  });
  const operator = new Operator(page);
  await operator.follow(testbed.dashboard.link);
  await operator.press('Restart…');
  await operator.sees('dialog', 'Not safe to stop: Accepting messages, 2 turns in flight');
  await operator.press('Force…');
  await operator.sees('dialog', '2 turns that have not finished after 5 s will be interrupted');
  expect(wishes).toEqual([]);
  await operator.press('Force the restart');
  await operator.sees('notice', 'Restart of default begun.');
  expect(wishes).toEqual([{ profile: 'default', force: true, keep_drain: false }]);
});

test.skipIf(NO_BROWSER).each(['light', 'dark'] as const)('axe finds no violation in %s', async (colorScheme) => {
  await using testbed = await Testbed.start({ turn: 30_000 });
  await planProfiles(testbed.home, 12);
  await using browser = await chromium.open(1_280);
  const { page } = browser;
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const operator = new Operator(page);
  await operator.follow(testbed.dashboard.url);
  expect(await browser.violations()).toEqual([]);
  await operator.logIn(tokenOf(testbed.dashboard.link));
  await operator.sees('state', 'running');
  const turn = testbed.client.say('anna', 'take your time').catch(() => undefined);
  await operator.sees('turns', 'anna');
  await operator.drain({ reason: 'new image' });
  await operator.sees('verdict', /1 turn left/);

  for (const width of [1_280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const hash of ['', '#profile=default', '#profile=plan-002', '#profile=plan-004']) {
      await page.evaluate((to) => {
        (globalThis as unknown as { location: { hash: string } }).location.hash = to;
      }, hash);
      expect(await browser.violations(), `${width} px, ${hash}`).toEqual([]);
    }
    await operator.press('Drain…');
    expect(await browser.violations(), `${width} px, dialog`).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await testbed.gateway.program.kill('SIGKILL');
  await turn;
});

test.skipIf(NO_BROWSER)(
  'the header names the host and the home, and nothing can be pressed while offline',
  async () => {
    await using testbed = await Testbed.start();
    await using browser = await chromium.open(1_280);
    const { page } = browser;
    const operator = new Operator(page);
    await operator.follow(testbed.dashboard.link);
    await operator.sees('origin', `${hostname()} ${testbed.home}`);
    await page.context().setOffline(true);
    await operator.sees('alert', /connection lost/i);
    await operator.sees('hint', 'Nothing can be changed while the page is offline.');
    expect(await page.getByRole('button', { name: 'Drain…' }).isDisabled()).toBe(true);
  },
);

/** What can be done about a profile, by the names of its buttons. */
function tokenOf(link: string): string {
  return new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? '';
}
