import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NO_BROWSER, OpenPage } from './browser.ts';
import { Chatter } from './chatter.ts';
import { Testbed } from './testbed.ts';

if (NO_BROWSER) console.warn(`skipped: the tests of pictures on the chat page: ${NO_BROWSER}`);

/** Says the text that it got, and the digest of each picture. */
const DIGESTS = `cat; echo; grep -o 'base64,[^"]*' "$HERMES_CONTENT_FILE" | while IFS=, read -r _ data; do
  printf %s "$data" | base64 -d | sha256sum; done`;
const VIEWER = JSON.stringify({ kind: 'command', command: ['/bin/sh', '-c', DIGESTS] });

async function picture(name: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const path = fileURLToPath(new URL(`../../../../docs/screenshots/${name}`, import.meta.url));
  return { name, mimeType: 'image/png', buffer: await readFile(path) };
}

async function attach(page: Page, ...files: Awaited<ReturnType<typeof picture>>[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add picture' }).click();
  await (await chooser).setFiles(files);
  await page
    .locator('.composer .pictures img')
    .nth(files.length - 1)
    .waitFor();
}

test.skipIf(NO_BROWSER)('pictures reach the agent byte for byte, and are shown with the message', async () => {
  await using testbed = await Testbed.start({ agent: VIEWER, dashboard: false });
  await using browser = await OpenPage.open(1_000);
  const { page } = browser;
  const chatter = new Chatter(page);
  await chatter.follow(testbed.gateway.url);
  const [one, two] = [await picture('chat-360-light.png'), await picture('chat-360-dark.png')];
  await attach(page, one, two);
  await chatter.say('What is in these?');
  const digestOf = (file: Buffer) => createHash('sha256').update(file).digest('hex');
  await chatter.sees('answer', digestOf(two.buffer));
  await chatter.sees('answer', digestOf(one.buffer));
  await chatter.sees('answer', /^What is in these\?\s+\[image\]\s+\[image\]/);
  await page.locator('.said .pictures img').nth(1).waitFor();
  const isShown =
    'Array.from(document.querySelectorAll(".said img"), ({ complete, naturalWidth }) => complete && naturalWidth > 0)';
  expect(await page.evaluate(isShown)).toEqual([true, true]);
  expect(await page.locator('.composer .pictures').count()).toBe(0);
  await page.reload();
  await chatter.sees('answer', digestOf(two.buffer));
  await chatter.sees('said', /\[image\]/);
  expect(await browser.violations()).toEqual([]);
  expect(browser.complaints).toEqual([]);
});

test.skipIf(NO_BROWSER)('the page says why a picture is refused, and the message can be sent without it', async () => {
  await using testbed = await Testbed.start({ dashboard: false });
  await using browser = await OpenPage.open(360);
  const { page } = browser;
  const chatter = new Chatter(page);
  await chatter.follow(testbed.gateway.url);
  await attach(page, await picture('chat-360-light.png'));
  await chatter.say('What is this?');
  await chatter.sees(
    'outcome',
    /^Not sent\. The gateway did not take the picture\. The agent of this gateway \(echo\) does not take images/,
  );
  await chatter.press('Edit');
  await chatter.press('Remove chat-360-light.png');
  await chatter.press('Send');
  await chatter.sees('answer', /^What is this\?$/);
  await chatter.seesNo('outcome');
  expect(await browser.violations()).toEqual([]);
});
