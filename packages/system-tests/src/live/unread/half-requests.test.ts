import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Testbed } from '../testbed.ts';

const LENGTH = 'Content-Type: application/json\r\nContent-Length: 1000';

const HALVES = {
  'half a message for the gateway': `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n${LENGTH}\r\n\r\n{"session":`,
  'half a completion for the gateway': `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n${LENGTH}\r\n\r\n{`,
  'half a body for the dashboard': `POST /api/gateway/drain HTTP/1.1\r\nHost: localhost\r\n${LENGTH}\r\n\r\n{`,
  'half a head': 'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n',
  nothing: '',
};

/** The programs promise 30 s. */
const BOUND = { timeout: 120_000, interval: 250 };

test('half a request holds no connection, whether its client reads or not', { timeout: 120_000 }, async () => {
  await using testbed = await Testbed.start();
  const programs = [testbed.gateway, testbed.dashboard];
  const before = programs.map(({ program }) => sockets(program.pid));
  const clients: Socket[] = [];
  await using _clients = { [Symbol.asyncDispose]: async () => clients.forEach((client) => void client.destroy()) };
  for (const { url } of programs) {
    for (const bytes of Object.values(HALVES)) {
      for (const reads of [true, false]) clients.push(await halfRequest(url, bytes, reads));
    }
  }
  const held = () => programs.map(({ program }, index) => sockets(program.pid) - (before[index] ?? 0));
  await expect.poll(held, BOUND).toEqual([0, 0]);
});

/** A client that keeps its end open whatever the server does. */
async function halfRequest(url: string, bytes: string, reads: boolean): Promise<Socket> {
  const client = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined);
  if (reads) client.resume();
  await once(client, 'connect');
  client.write(bytes);
  return client;
}

/** Sockets that a process has open. */
function sockets(pid: number): number {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  return links.filter((link) => link.startsWith('socket:')).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed in the meantime.
    return '';
  }
}
