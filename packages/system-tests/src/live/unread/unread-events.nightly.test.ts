import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { expect, test } from 'vitest';
import { Testbed } from '../testbed.ts';

const HEAP_MB = 128;
const READERS = Number(process.env.HERMES_READERS ?? 64);

/** More than the kernel takes for a client that does not read: replies of a megabyte, which begin with the message. */
const EVENTS = 12;
const AGENT = `{ kind: command, command: [sh, -c, "cat; head -c 1000000 /dev/zero | tr '\\\\0' x"] }`;

test(`${READERS} readers of large events that never read neither end a gateway with a heap of ${HEAP_MB} MB, nor take an event away from one that reads`, {
  timeout: 420_000,
}, async () => {
  const within = { gateway: ['env', `NODE_OPTIONS=--max-old-space-size=${HEAP_MB}`] };
  await using testbed = await Testbed.start({ dashboard: false, within, agent: AGENT });
  const { program, url } = testbed.gateway;
  for (let count = 0; count < EVENTS; count += 1) {
    expect((await testbed.client.say('big', `${count} `)).status).toBe(200);
  }
  const before = memory(program.pid);
  await using readers = new Readers(url);
  for (let count = 0; count < READERS; count += 1) await readers.add();
  await expect.poll(() => cutOff(url), { timeout: 240_000 }).toBeGreaterThan(0);
  expect(await numbersRead(url)).toEqual(Array.from({ length: EVENTS }, (_, index) => index));
  const peak = peakMemory(program.pid);
  console.info(`${READERS} readers that never read: ${JSON.stringify({ before, peak, cutOff: await cutOff(url) })}`);
  expect(program.running).toBe(true);
  // The heap, what the budget lets wait outside of it, the program itself.
  expect(peak).toBeLessThan(350);
  expect(await testbed.client.say('another', 'hello')).toMatchObject({ status: 200 });
});

/** Clients that ask for all events of a session and read nothing. */
class Readers implements AsyncDisposable {
  readonly #port: number;
  readonly #sockets: Socket[] = [];

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
  }

  async add(): Promise<void> {
    const socket = connect(this.#port, '127.0.0.1').on('error', () => undefined);
    this.#sockets.push(socket);
    await once(socket, 'connect');
    socket.write('GET /v1/sessions/big/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0\r\n\r\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The numbers of the messages that one who reads gets, in their order. */
async function numbersRead(url: string): Promise<number[]> {
  const numbers: number[] = [];
  let last = '0';
  const onEvent = ({ id, data }: EventSourceMessage) => {
    numbers.push(Number.parseInt((JSON.parse(data) as { reply: string }).reply, 10));
    last = id ?? last;
  };
  // On a busy machine it may be slow enough to be cut off itself: it comes back, as any client does.
  while (numbers.length < EVENTS) {
    const parser = createParser({ onEvent });
    const text = new TextDecoder();
    const response = await fetch(`${url}/v1/sessions/big/events`, { headers: { 'last-event-id': last } });
    try {
      for await (const bytes of response.body ?? []) {
        parser.feed(text.decode(bytes as Uint8Array, { stream: true }));
        if (numbers.length >= EVENTS) break;
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return numbers;
}

async function cutOff(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = [...text.matchAll(/^hermes_clients_cut_off_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

const memory = (pid: number) => megabytes(pid, 'VmRSS');
const peakMemory = (pid: number) => megabytes(pid, 'VmHWM');

function megabytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024);
}
