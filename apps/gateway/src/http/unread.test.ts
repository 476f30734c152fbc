import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '@hermes/test-kit/eventually';
import { createParser } from 'eventsource-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventsOf, httpGateway } from '../testing/http-gateway.ts';
import { announcement } from '../testing/journals.ts';

const STALL = { stallMs: 200 };

/** More than the kernel takes for a client that does not read: 200 events of 100 KB, or a reply of as much. */
const EVENTS = 200;
const TEXT = 'x'.repeat(100_000);

/** The pieces of a reply: more than the kernel takes, and less than a reply may have. */
const PIECES = 150;

type HttpGateway = Awaited<ReturnType<typeof httpGateway>>;

/** Sends a request as it is; nothing of the response is read before the socket is resumed. */
async function send({ port }: HttpGateway, head: readonly string[], body = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const headers = [...head, 'Host: localhost', `Content-Length: ${Buffer.byteLength(body)}`];
  socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`);
  return socket;
}

const follow = (gateway: HttpGateway, last: string) =>
  send(gateway, ['GET /v1/sessions/s/events HTTP/1.1', 'Accept: text/event-stream', `Last-Event-ID: ${last}`]);

const post = (gateway: HttpGateway, path: string, body: object, headers: readonly string[] = []) =>
  send(gateway, [`POST ${path} HTTP/1.1`, 'Content-Type: application/json', ...headers], JSON.stringify(body));

async function publishLargeEvents({ journal, gateway }: HttpGateway): Promise<void> {
  for (let count = 0; count < EVENTS; count += 1) await journal.announce(announcement('s', `${count} ${TEXT}`));
  gateway.hub.publish('s');
}

/** The unread remainder of a response that was cut off. */
async function rest(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (words: string) => {
    text += words;
  });
  await once(socket.resume(), 'close');
  return text;
}

async function allIds({ journal }: HttpGateway): Promise<string[]> {
  const identity = await journal.identity();
  return Array.from({ length: EVENTS }, (_, index) => `${identity}-${index + 1}`);
}

const cutOff = ({ backlog }: HttpGateway) => eventually(() => expect(backlog.cutOff.stalled).toBe(1));

describe('a reader of events that does not read', () => {
  it('is cut off, holds nothing any more, and resumes without loss or doubles', async () => {
    const gateway = await httpGateway({ backlog: STALL });
    await publishLargeEvents(gateway);
    const socket = await follow(gateway, '0');
    await cutOff(gateway);
    await eventually(() => expect(gateway.gateway.hub.readers).toBe(0));
    expect(gateway.backlog.bytes).toBe(0);

    const ids: string[] = [];
    const seen = createParser({ onEvent: ({ id }) => ids.push(String(id)) });
    // The framing of the chunks is between the lines: only whole events count, as for any client.
    seen.feed((await rest(socket)).replace(/\r\n[0-9a-f]+\r\n/g, ''));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.length).toBeLessThan(EVENTS);
    const response = await fetch(`${gateway.url}/v1/sessions/s/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': ids.at(-1) ?? '' },
    });
    for await (const { id } of eventsOf(response)) if (ids.push(String(id)) === EVENTS) break;
    expect(ids).toEqual(await allIds(gateway));
  });

  it('takes nothing away from one that does', async () => {
    const gateway = await httpGateway({ backlog: STALL });
    await publishLargeEvents(gateway);
    await follow(gateway, '0');
    const response = await fetch(`${gateway.url}/v1/sessions/s/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': '0' },
    });
    const ids: unknown[] = [];
    for await (const { id } of eventsOf(response)) if (ids.push(id) === EVENTS) break;
    expect(ids).toEqual(await allIds(gateway));
    await cutOff(gateway);
  });

  it('is one of a bounded number: one more is refused', async () => {
    const gateway = await httpGateway({ maxReaders: 1 });
    await follow(gateway, '0');
    await eventually(() => expect(gateway.gateway.hub.readers).toBe(1));
    const response = await fetch(`${gateway.url}/v1/sessions/s/events`, { headers: { accept: 'text/event-stream' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.json()).toMatchObject({ code: 'overloaded', detail: expect.stringMatching(/^1 clients/) });
  });
});

describe('a client that does not read the stream of its own turn', () => {
  it.each([
    ['/v1/messages', { session: 's', text: 'hello' }, ['Accept: text/event-stream']],
    ['/v1/chat/completions', { model: 'm', stream: true, messages: [{ role: 'user', content: 'hello' }] }, []],
  ])('is cut off, and the turn ends as it would have: %s', async (path, body, headers) => {
    const gateway = await httpGateway({ backlog: STALL });
    await post(gateway, path, body, headers);
    await eventually(() => expect(gateway.agent.calls).toHaveLength(1));
    for (let count = 0; count < PIECES; count += 1) gateway.agent.call(0).say(TEXT);
    await cutOff(gateway);
    gateway.agent.call(0).end();
    await eventually(async () => expect(await gateway.journal.turns({ limit: 1 })).toMatchObject([{ status: 'done' }]));
    const [turn] = await gateway.journal.turns({ limit: 1 });
    expect(turn?.reply).toHaveLength(PIECES * TEXT.length);
  });
});

describe('a client that does not read a response that is no stream', () => {
  it('is cut off', async () => {
    const gateway = await httpGateway({ backlog: STALL });
    const socket = await post(gateway, '/v1/messages', { session: 's', text: 'hello' });
    await eventually(() => expect(gateway.agent.calls).toHaveLength(1));
    gateway.agent.call(0).say('x'.repeat(PIECES * TEXT.length));
    gateway.agent.call(0).end();
    await cutOff(gateway);
    expect((await rest(socket)).length).toBeLessThan(PIECES * TEXT.length);
  });
});
