import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
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
const BOUND = { timeout: 90_000, interval: 250 };

test('half a request holds no connection, whether its client reads or not', { timeout: 120_000 }, async () => {
  await using testbed = await Testbed.start();
  const connections: Connection[] = [];
  await using _clients = {
    [Symbol.asyncDispose]: async () => connections.forEach(({ client }) => void client.destroy()),
  };
  for (const { url, program } of [testbed.gateway, testbed.dashboard]) {
    for (const [name, bytes] of Object.entries(HALVES)) {
      for (const reads of [true, false]) {
        const client = await halfRequest(url, bytes, reads);
        const connection = { name: `${name}, ${reads ? 'read' : 'unread'}`, client, server: program.pid };
        connections.push(connection);
        await expect.poll(() => isHeld(connection), BOUND).toBe(true);
      }
    }
  }
  const held = () => connections.filter(isHeld).map(({ name }) => name);
  await expect.poll(held, BOUND).toEqual([]);
});

interface Connection {
  readonly name: string;
  readonly client: Socket;
  /** The process that the client has connected to. */
  readonly server: number;
}

/** A client that keeps its end open whatever the server does. */
async function halfRequest(url: string, bytes: string, reads: boolean): Promise<Socket> {
  const client = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined);
  if (reads) client.resume();
  await once(client, 'connect');
  client.write(bytes);
  return client;
}

/**
 * Whether the server has its end open. A program may have other sockets at any moment, such as those of a child that it
 * asks for a lock.
 */
function isHeld({ client, server }: Connection): boolean {
  const inode = serverInode(client);
  return inode !== undefined && hasSocket(server, inode);
}

/** The inode of the socket at the other end, as the kernel lists it. */
function serverInode({ localPort, remotePort }: Socket): string | undefined {
  if (localPort === undefined || remotePort === undefined) return undefined;
  const [, ...rows] = readFileSync('/proc/net/tcp', 'latin1').trim().split('\n');
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return fields.find(([, local, remote]) => portOf(local) === remotePort && portOf(remote) === localPort)?.[9];
}

function portOf(address = ''): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}

function hasSocket(pid: number, inode: string): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed in the meantime.
    return '';
  }
}
