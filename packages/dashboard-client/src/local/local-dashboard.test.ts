import { once } from 'node:events';
import { chownSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isRoot, lacking, STRANGER, startStranger, temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectToLocal } from './local-dashboard.ts';

const NEVER = new AbortController().signal;
const ADVICE = { sendAnyway: 'Name the secret.', useSocket: 'leave out the URL' };

describe.skipIf(lacking('root, to be several users', isRoot()))('a program of another user on the port', () => {
  test('gets none where the socket is missing, stale, or the stranger’s own', async () => {
    const home = temporaryDirectory();
    const socketPath = join(home, '.dashboard.sock');
    const stranger = await startStranger();
    const url = new URL(`http://127.0.0.1:${stranger.port}`);
    const connect = () => connectToLocal({ url, socketPath, trusted: [0], advice: ADVICE }, NEVER);
    await expect(connect()).rejects.toMatchObject({
      name: 'Unreachable',
      message: expect.stringMatching(/ENOENT; user id 65534.* Name the secret\.$/),
    });
    const server = createServer((socket) => socket.end()).listen(socketPath);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    chownSync(socketPath, STRANGER, STRANGER);
    await expect(connect()).rejects.toThrow(/it belongs to user id 65534; user id 65534 listens there/);
  });
});
