import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { HttpActivity } from './http-activity.ts';

async function observedServer() {
  const activity = new HttpActivity();
  const server = createServer();
  activity.watch(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  /** @returns the answer that the server has begun; when the test ends first, the client is cut off. */
  const receive = async (): Promise<ServerResponse> => {
    const received = once(server, 'request');
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).catch(() => undefined);
    const [, response] = await received;
    return response;
  };
  return { activity, receive };
}

/** Whether there is a lull now. */
async function isLull(activity: HttpActivity): Promise<boolean> {
  const bound = new AbortController();
  const lull = activity.untilLull(bound.signal).then(() => !bound.signal.aborted);
  setImmediate(() => bound.abort());
  return lull;
}

it('there is a lull without requests', async () => {
  const { activity } = await observedServer();
  expect(await isLull(activity)).toBe(true);
});

it('there is a lull 250 ms after a request, and again after the end of its answer', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { activity, receive } = await observedServer();
  const response = await receive();
  vi.advanceTimersByTime(249);
  expect(await isLull(activity)).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await isLull(activity)).toBe(true);
  await once(response.end('done'), 'close');
  expect(await isLull(activity)).toBe(false);
  vi.advanceTimersByTime(250);
  expect(await isLull(activity)).toBe(true);
});

it('the wait for a lull ends at its bound', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { activity, receive } = await observedServer();
  await receive();
  await activity.untilLull(AbortSignal.timeout(20));
  await activity.untilLull(AbortSignal.abort());
});
