// Takes the pictures in docs/screenshots: a real gateway with real turns, and beside it the files of other profiles.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { OpenPage } from './live/browser.ts';
import { Operator } from './live/operator.ts';
import { planProfiles } from './live/profiles.ts';
import { Testbed } from './live/testbed.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const SIZES = [
  [1_280, 900],
  [360, 740],
] as const;

await mkdir(FOLDER, { recursive: true });
await using testbed = await Testbed.start({ turn: 20_000 });
await using browser = await OpenPage.open(1_280);
const { page } = browser;
const operator = new Operator(page);
await operator.follow(testbed.dashboard.url);
await page.locator('#token:focus').waitFor();
await take('login', undefined, [360], ['light']);
await operator.logIn(new URL(testbed.dashboard.link).hash.slice('#token='.length));
await operator.sees('state', 'running');

const turns: Promise<unknown>[] = [];
for (const session of ['anna', 'support-42', 'nightly-report']) {
  turns.push(testbed.client.say(session, 'take your time').catch(() => undefined));
  await operator.sees('turns', session);
  await page.waitForTimeout(2_500);
}
await page.setViewportSize({ width: 1_280, height: 900 });
await take('one', undefined, [1_280, 360], ['light', 'dark']);
await page.setViewportSize({ width: 1_280, height: 900 });
await planProfiles(testbed.home, 11);
await operator.drain({ reason: 'New image 2026.11' });
await operator.sees('state', 'draining');
await testbed.client.say('ben', 'hello');
await page.getByRole('link', { name: /plan-010/ }).waitFor();
await take('draining', '#profile=default');
await take('list', '', [360]);
await page.setViewportSize({ width: 1_280, height: 900 });
await page.getByLabel('Select all').check();
await take('selection', '#profile=default', [1_280], ['light']);
await take('selection', '', [360], ['dark']);
await page.getByRole('button', { name: 'Clear selection' }).click();
await page.evaluate('location.hash = "#profile=plan-000"');
await page.setViewportSize({ width: 360, height: 740 });
await operator.press('Drain…');
await take('dialog', undefined, [360], ['dark']);
await page.keyboard.press('Escape');
await Promise.all(turns);
await page.evaluate('location.hash = "#profile=default"');
await operator.sees('verdict', 'Safe to stop');
await take('safe', '#profile=default', [1_280], ['dark']);
await take('safe', '#profile=default', [360], ['light']);
await planProfiles(testbed.home, 199);
await page.setViewportSize({ width: 1_280, height: 900 });
await page.getByRole('link', { name: /plan-198/ }).waitFor({ state: 'attached' });
await take('fleet-200', '#profile=default', [1_280], ['light', 'dark']);
await take('fleet-200', '', [360], ['light']);
await page.evaluate('location.hash = "#profile=default"');
await testbed.dashboard.program.kill('SIGKILL');
await operator.sees('alert', /connection lost/i);
await take('lost', '#profile=default', [1_280], ['light']);

async function take(
  name: string,
  hash?: string,
  widths: readonly number[] = [1_280, 360],
  schemes: readonly ('light' | 'dark')[] = ['light', 'dark'],
): Promise<void> {
  if (hash !== undefined) await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  for (const [width, height] of SIZES.filter(([width]) => widths.includes(width))) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      await page.screenshot({ path: `${FOLDER}${name}-${width}-${colorScheme}.png` });
    }
  }
}
