import { eventually } from '@hermes/test-kit/eventually';
import { expect, test } from 'vitest';
import { NO_BROWSER } from './browser.ts';
import { SharedBrowser } from './shared-browser.ts';
import { Testbed } from './testbed.ts';
import { codeOfGuide, Network, PageServer } from './web-page.ts';

const chromium = new SharedBrowser();

if (NO_BROWSER) console.warn(`skipped: the tests of web pages that use the gateway: ${NO_BROWSER}`);

const KEY = 'Zr8kQ2vX5mT1wB7nJ4pL9sD3fG6hY0cA';

/** What a page of ours does with the code of the guide: it keeps the replies that it hears. */
const SCRIPT = `
  globalThis.use = (url, key) => {
    const headers = { authorization: 'Bearer ' + key, 'content-type': 'application/json' };
    const post = (path, body) => fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    globalThis.heard = [];
    globalThis.say = async (text) => (await post('/v1/messages', { session: 'anna', text })).status;
    globalThis.getTicket = async (session) => {
      const response = await post('/v1/sessions/' + session + '/events/ticket', {});
      if (!response.ok) throw new Error(response.statusText);
      return (await response.json()).ticket;
    };
    globalThis.opened = [];
    const Native = globalThis.EventSource;
    globalThis.EventSource = class extends Native {
      constructor(url) {
        super(url);
        this.addEventListener('open', () => globalThis.opened.push(url));
      }
    };
  };
  globalThis.followAnna = (url) => follow(url, 'anna', getTicket, ({ reply }) => heard.push(reply));`;

async function start() {
  const stack = new AsyncDisposableStack();
  try {
    const pages = stack.use(await PageServer.start());
    const config = `api_server: { key: ${KEY}, cors_origins: ["${pages.origin}"] }\n`;
    const testbed = stack.use(await Testbed.start({ dashboard: false, config }));
    const network = stack.use(await Network.to(testbed.gateway.url));
    const { page } = stack.use(await chromium.open(1_000));
    const code = `${await codeOfGuide()}\n${SCRIPT}`;
    const visit = async (origin: string) => {
      await page.goto(origin);
      await page.addScriptTag({ content: code });
      await page.evaluate(`use(${JSON.stringify(network.url)}, ${JSON.stringify(KEY)})`);
    };
    const evaluate = <T>(expression: string) => page.evaluate<T>(expression);
    const hears = (...replies: string[]) => eventually(async () => expect(await evaluate('heard')).toEqual(replies));
    /** Another client talks in the same session. */
    const say = (text: string) =>
      fetch(`${testbed.gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ session: 'anna', text }),
      });
    const dispose = () => stack.disposeAsync();
    return { pages, testbed, network, visit, evaluate, hears, say, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

test.skipIf(NO_BROWSER)('a page of an allowed origin talks, and follows its session through outages', async () => {
  await using world = await start();
  const { pages, testbed, network, visit, evaluate, hears, say } = world;
  await visit(pages.origin);
  await evaluate(`void followAnna(${JSON.stringify(network.url)})`);
  const opened = (count: number) => eventually(async () => expect(await evaluate('opened.length')).toBe(count));
  await opened(1);
  expect(await evaluate('say("one")')).toBe(200);
  await hears('one');

  // The EventSource reconnects by itself, with the same ticket.
  network.cut();
  expect((await say('two')).status).toBe(200);
  await opened(2);
  await hears('one', 'two');
  expect(await evaluate('opened[1] === opened[0]')).toBe(true);

  // The gateway that comes back knows no tickets: the page gets a new one.
  await testbed.gateway.program.kill('SIGKILL');
  await testbed.startGateway();
  network.target = testbed.gateway.url;
  expect((await say('three')).status).toBe(200);
  await opened(3);
  await hears('one', 'two', 'three');
  expect(await evaluate('opened[2] === opened[1]')).toBe(false);
});

test.skipIf(NO_BROWSER)('the browser refuses a page of another origin answers and events', async () => {
  await using world = await start();
  const { pages, network, visit, evaluate, say } = world;
  await visit(pages.origin);
  const ticket = await evaluate<string>('getTicket("anna")');
  const listen = `new Promise((resolve) => {
    const source = new EventSource(${JSON.stringify(`${network.url}/v1/sessions/anna/events?last_event_id=0&ticket=${ticket}`)});
    source.addEventListener('turn', ({ data }) => resolve('heard ' + data));
    source.onerror = () => resolve(source.readyState === EventSource.CLOSED ? 'refused' : 'interrupted');
  })`;
  expect((await say('secret')).status).toBe(200);
  expect(await evaluate(listen)).toMatch(/^heard .*secret/);

  await visit(pages.otherOrigin);
  const outcome = (what: string) => `${what}.then((value) => 'read ' + value, (error) => 'refused: ' + error.message)`;
  expect(await evaluate(outcome('say("from elsewhere")'))).toBe('refused: Failed to fetch');
  expect(await evaluate(outcome('getTicket("anna")'))).toBe('refused: Failed to fetch');
  expect(await evaluate(outcome(`fetch(${JSON.stringify(`${network.url}/readyz`)})`))).toBe('refused: Failed to fetch');
  expect(await evaluate(listen)).toBe('refused');
});
