import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { SECRET, testDashboard } from '../../testing/dashboard.ts';
import { DashboardApi } from './api.ts';
import { isPassing } from './errors.ts';

const NEVER = new AbortController().signal;

/** A server that answers everything alike. */
async function serverThat(answers: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answers(response)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const PAGE = { 'content-type': 'text/html' };

test.each([
  ['a page of something in between', (response: ServerResponse) => response.writeHead(502, PAGE).end('<h1>Bad</h1>')],
  ['a page of another program', (response: ServerResponse) => response.writeHead(200, PAGE).end('<h1>Hi</h1>')],
  ['a redirection', (response: ServerResponse) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['JSON that is no object', (response: ServerResponse) => response.writeHead(200).end('null')],
  ['half an answer', (response: ServerResponse) => response.writeHead(200).write('{"a":') && response.destroy()],
  ['no answer', (response: ServerResponse) => response.destroy()],
])('%s counts as out of reach', async (_what, answers) => {
  const api = new DashboardApi({ url: await serverThat(answers), token: SECRET }, 'default');
  const error = await api.drain(NEVER).catch((e) => e);
  expect(error).toMatchObject({ result: 'unreachable', exit: 7 });
  expect(isPassing(error)).toBe(true);
});

test('a wrong secret and an unknown profile are refusals that waiting does not change', async () => {
  const url = await (await testDashboard()).listen();
  const stranger = await new DashboardApi({ url, token: 'wrong' }, 'default').drain(NEVER).catch((e) => e);
  const nobody = await new DashboardApi({ url, token: SECRET }, 'nobody').drain(NEVER).catch((e) => e);
  for (const error of [stranger, nobody]) {
    expect(error).toMatchObject({ result: 'refused', exit: 8 });
    expect(isPassing(error)).toBe(false);
  }
  expect(stranger.message).toBe('the dashboard refused: the secret is not the one it expects (401 unauthorized)');
});

test('begins, keeps alive and cancels only what it means to', async () => {
  const url = await (await testDashboard()).listen();
  const api = new DashboardApi({ url, token: SECRET }, 'default');
  const { request_id } = await api.begin(NEVER, { reason: 'update', quiet: true, maxAgeSeconds: 60 }, 'none-in-force');
  const mismatch = { problem: { code: 'request-mismatch', holder: { request_id, reason: 'update' } } };
  await expect(api.begin(NEVER, {}, 'none-in-force')).rejects.toMatchObject(mismatch);
  await expect(api.begin(NEVER, {}, { requestId: 'another' })).rejects.toMatchObject(mismatch);
  await expect(api.cancel(NEVER, 'another')).rejects.toMatchObject(mismatch);
  expect(await api.begin(NEVER, {}, { requestId: request_id })).toMatchObject({ request_id });
  expect(await api.drain(NEVER)).toMatchObject({ request_id, suppress_notification: true });
  expect(await api.cancel(NEVER, request_id)).toMatchObject({ was_draining: true });
});
