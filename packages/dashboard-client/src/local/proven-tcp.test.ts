import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { lacking } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test } from 'vitest';
import { connectToProven } from './proven-tcp.ts';

const RESETS = 50;

test.skipIf(lacking('Linux, for the table of listeners', process.platform === 'linux'))(
  'a connection that breaks at any moment of the proof does not end the process',
  async () => {
    let resets = 0;
    const server = createServer((client) => {
      client.on('error', () => undefined);
      setTimeout(() => client.resetAndDestroy(), resets++ % 5);
    });
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const claim = { url, trusted: [process.getuid?.() ?? 0], advice: { sendAnyway: '', useSocket: '' } };
    while (resets < RESETS) {
      const socket = await connectToProven(claim, new AbortController().signal).catch(() => undefined);
      await eventually(() => expect(socket?.destroyed ?? true).toBe(true));
    }
  },
);
