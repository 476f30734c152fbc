import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { Testbed } from './testbed.ts';

const REQUESTS = Number(process.env.HERMES_REQUESTS ?? 10_000);
const AT_ONCE = 40;
const ROUND = 10_000;

/** Raw requests that no decent client sends; each on a connection of its own, some never finished. */
const HOSTILE: readonly [name: string, bytes: string][] = [
  ['malformed JSON', post('{"session":"a","text":')],
  ['JSON of another shape', post('[[[[[[]]]]]]')],
  ['a number as text', post('{"session":"a","text":1}')],
  ['a huge number', post('{"session":"a","text":"x","n":1e999999}')],
  ['deep nesting', post(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)],
  ['a body that is too large', post(`{"session":"a","text":"${'x'.repeat(1_100_000)}"}`)],
  ['a body shorter than it says', post('{"session":"a"', { 'content-length': '1000' })],
  ['a body longer than it says', post('{"session":"a","text":"x"}', { 'content-length': '5' })],
  ['a negative length', post('{}', { 'content-length': '-1' })],
  ['two lengths', post('{}', { 'content-length': '2\r\nContent-Length: 5' })],
  ['a length and chunks', post('0\r\n\r\n', { 'content-length': '5', 'transfer-encoding': 'chunked' })],
  ['bad chunks', post('zz\r\nhello\r\n', { 'transfer-encoding': 'chunked' })],
  ['a header without end', `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(20_000)}`],
  ['a header with a line break', post('{}', { 'x-evil': 'a\r\n b' })],
  ['nul bytes', 'GET /v1/turns/\u0000 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a URL that cannot be decoded', 'GET /v1/turns/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['no host', 'GET /v1/turns/x HTTP/1.1\r\n\r\n'],
  ['a foreign host', 'GET /v1/turns/x HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
  ['another protocol', '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ['a strange method', 'BREW /v1/messages HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a prototype in disguise', post('{"__proto__":{"x":1},"session":"a","text":"x"}')],
  ['many keys', post(`{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join(',')}}`)],
];

test(`${REQUESTS} hostile requests neither crash the gateway, nor stop the others, nor let it grow`, {
  timeout: 240_000,
}, async () => {
  await using testbed = await Testbed.start({ dashboard: false });
  const port = Number(new URL(testbed.gateway.url).port);
  const before = await settle(testbed, port, ROUND);
  const after = await settle(testbed, port, REQUESTS);
  console.info(`${REQUESTS} requests: ${JSON.stringify({ before, after })}`);
  expect(testbed.gateway.program.running).toBe(true);
  // Connections that are being closed are none that leak.
  const { pid } = testbed.gateway.program;
  await expect.poll(() => descriptors(pid), { timeout: 120_000 }).toBeLessThanOrEqual(before.descriptors + 5);
  expect(after.megabytes).toBeLessThan(before.megabytes * 1.5 + 30);
});

/** Sends `count` hostile requests with honest ones between them. @returns what the gateway holds afterwards. */
async function settle(testbed: Testbed, port: number, count: number) {
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, (_, n) => HOSTILE[(sent + n) % HOSTILE.length]?.[1] ?? '');
    await Promise.all(batch.map((bytes) => send(port, bytes)));
    if (sent % (AT_ONCE * 10) === 0) expect((await testbed.client.say(`honest-${sent}`, 'hello')).status).toBe(200);
  }
  const { pid } = testbed.gateway.program;
  await expect.poll(() => descriptors(pid), { timeout: 120_000 }).toBeLessThan(50);
  return { megabytes: memory(pid), descriptors: descriptors(pid) };
}

/** Sends the bytes, then half-closes, and waits until the other side has closed or said something. */
async function send(port: number, bytes: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const answered = Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => undefined);
  socket.end(bytes, 'latin1');
  await answered;
  socket.destroy();
}

function post(body: string, headers: Record<string, string> = {}): string {
  const all = {
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': String(body.length),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /v1/messages HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

function memory(pid: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
