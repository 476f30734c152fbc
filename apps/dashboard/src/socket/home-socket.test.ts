import { once } from 'node:events';
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { connectToSocket } from '@hermes/drain-contract';
import { createLogger } from '@hermes/service-kit';
import { ConnectionLimit } from '@hermes/service-kit/http';
import { connectAsStranger, isRoot, lacking, STRANGER } from '@hermes/test-kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AUTHORIZED, type TestDashboardOptions, testDashboard } from '../testing/dashboard.ts';
import { temporaryHome } from '../testing/home.ts';
import { openHomeSocket } from './home-socket.ts';

const NO_ROOT = lacking('root, to act as another user', isRoot());
const log = createLogger('test', 'silent');

async function dashboardWithSocket(options: TestDashboardOptions = {}) {
  const dashboard = await testDashboard(options);
  await dashboard.listen();
  const warn = vi.fn();
  const open = () => openHomeSocket(dashboard.app.server, dashboard.home, Object.assign(Object.create(log), { warn }));
  const socket = await open();
  onTestFinished(() => socket?.close());
  return { ...dashboard, socket, warn, open, path: join(dashboard.home, '.dashboard.sock') };
}

function connectTo(path: string): Promise<Socket> {
  return connectToSocket(path, { signal: AbortSignal.timeout(120_000), check: () => undefined });
}

async function ask(path: string, options: { method?: string; url: string; headers?: Record<string, string> }) {
  const socket = await connectTo(path);
  const { method = 'GET', url, headers = {} } = options;
  const sent = request({
    createConnection: () => socket,
    method,
    path: url,
    headers: { host: 'localhost', ...headers },
  });
  sent.end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: await text(response) };
}

/** A socket of which the listener is gone, as after a kill. */
async function plantStale(path: string): Promise<void> {
  const server = createServer().listen(`${path}.planted`);
  await once(server, 'listening');
  renameSync(`${path}.planted`, path);
  server.close();
  await once(server, 'close');
}

test('answers on a socket of mode 0600 and needs the secret there, too', async () => {
  const { path, home } = await dashboardWithSocket();
  const { mode, uid } = lstatSync(path);
  expect([mode & 0o7777, uid]).toEqual([0o600, process.geteuid?.()]);
  expect(readdirSync(home).filter((name) => name.startsWith('.dashboard.sock'))).toEqual(['.dashboard.sock']);
  expect((await ask(path, { url: '/livez' })).status).toBe(200);
  expect((await ask(path, { url: '/api/status' })).status).toBe(401);
  expect((await ask(path, { url: '/api/status', headers: AUTHORIZED })).status).toBe(200);
  expect((await ask(path, { url: '/livez', headers: { host: 'evil.example' } })).status).toBe(421);
});

test.skipIf(NO_ROOT)('another user cannot connect, also where the home is open to all', async () => {
  const home = temporaryHome();
  chownSync(home, STRANGER, STRANGER);
  const { path } = await dashboardWithSocket({ home });
  expect(await connectAsStranger(path)).toBe('EACCES');
});

test('the audit says unix for its requests, whatever they say about an address', async () => {
  const { path, home } = await dashboardWithSocket({ server: { trustedProxies: ['0.0.0.0/1', '128.0.0.0/1'] } });
  const headers = { ...AUTHORIZED, 'x-forwarded-for': '203.0.113.9' };
  expect((await ask(path, { method: 'POST', url: '/api/gateway/drain', headers })).status).toBe(200);
  expect(JSON.parse(readFileSync(join(home, 'logs/drain-audit.jsonl'), 'utf8'))).toMatchObject({ address: 'unix' });
});

test('works in a home with a path that no socket can have', async () => {
  const home = join(temporaryHome(), 'x'.repeat(120));
  mkdirSync(home);
  const first = await dashboardWithSocket({ home });
  expect((await ask(first.path, { url: '/livez' })).status).toBe(200);
  expect(await first.open()).toBeUndefined();
  expect(first.warn.mock.lastCall?.[0].reason).toMatch(/^another dashboard of this home answers/);
});

test('is gone after the stop, but not what came in its place', async () => {
  const { path, socket, home } = await dashboardWithSocket();
  socket?.close();
  expect(readdirSync(home)).not.toContain('.dashboard.sock');
  const second = await dashboardWithSocket({ home });
  rmSync(path);
  writeFileSync(path, 'not ours');
  second.socket?.close();
  expect(readFileSync(path, 'utf8')).toBe('not ours');
});

test('replaces the socket of a dashboard that is dead', async () => {
  const home = temporaryHome();
  await plantStale(join(home, '.dashboard.sock'));
  const { path, warn } = await dashboardWithSocket({ home });
  expect((await ask(path, { url: '/livez' })).status).toBe(200);
  expect(warn).not.toHaveBeenCalled();
  expect(readdirSync(home).filter((name) => name.startsWith('.dashboard.sock'))).toEqual(['.dashboard.sock']);
});

test('leaves the socket of a dashboard that is alive, and says so', async () => {
  const { path, open, warn } = await dashboardWithSocket();
  const { ino } = lstatSync(path);
  expect(await open()).toBeUndefined();
  expect(warn.mock.lastCall?.[0].reason).toMatch(/^another dashboard of this home answers on .*\.dashboard\.sock/);
  expect(lstatSync(path).ino).toBe(ino);
  expect((await ask(path, { url: '/livez' })).status).toBe(200);
});

test('of many that start together on the socket of a dead one, one gets it and answers', async () => {
  const dashboard = await testDashboard();
  await dashboard.listen();
  const path = join(dashboard.home, '.dashboard.sock');
  await plantStale(path);
  const opened = await Promise.all(
    Array.from({ length: 8 }, () => openHomeSocket(dashboard.app.server, dashboard.home, log)),
  );
  onTestFinished(() => opened.forEach((socket) => void socket?.close()));
  expect(opened.some((socket) => socket !== undefined)).toBe(true);
  expect((await ask(path, { url: '/livez' })).status).toBe(200);
});

test('removes neither a file nor a link at its path, and says what is there', async () => {
  for (const plant of [
    (path: string) => writeFileSync(path, 'precious'),
    (path: string) => symlinkSync('/nowhere', path),
    (path: string) => mkdirSync(path),
  ]) {
    const home = temporaryHome();
    const path = join(home, '.dashboard.sock');
    plant(path);
    const { ino } = lstatSync(path);
    const { socket, warn } = await dashboardWithSocket({ home });
    expect(socket).toBeUndefined();
    expect(warn.mock.lastCall?.[0].reason).toMatch(/^a file that is no socket is at .*; remove it and restart$/);
    expect(lstatSync(path).ino).toBe(ino);
  }
});

test('does not follow a link to the socket of another home', async () => {
  const [home, other] = [temporaryHome(), temporaryHome()];
  await plantStale(join(other, '.dashboard.sock'));
  symlinkSync(join(other, '.dashboard.sock'), join(home, '.dashboard.sock'));
  expect((await dashboardWithSocket({ home })).socket).toBeUndefined();
  expect(readlinkSync(join(home, '.dashboard.sock'))).toBe(join(other, '.dashboard.sock'));
  expect(readdirSync(other)).toEqual(['.dashboard.sock']);
  await expect(connectTo(join(home, '.dashboard.sock'))).rejects.toMatchObject({ code: 'ENOTSOCK' });
});

test.skipIf(NO_ROOT)('leaves the socket of another user, and says whose it is', async () => {
  const home = temporaryHome();
  const path = join(home, '.dashboard.sock');
  await plantStale(path);
  chownSync(path, STRANGER, STRANGER);
  const { socket, warn } = await dashboardWithSocket({ home });
  expect(socket).toBeUndefined();
  expect(warn.mock.lastCall?.[0].reason).toMatch(/belongs to user id 65534; remove it and restart$/);
  expect(lstatSync(path).uid).toBe(STRANGER);
});

test('a volume that takes no socket is a warning', async () => {
  const { app, listen } = await testDashboard();
  await listen();
  const warn = vi.fn();
  const quiet = Object.assign(Object.create(log), { warn });
  expect(await openHomeSocket(app.server, '/proc/self', quiet)).toBeUndefined();
  expect(warn.mock.lastCall?.[0].reason).toMatch(/^\/proc\/self\/\.dashboard\.sock cannot be made \(E[A-Z]+\)$/);
});

test('half a request is cut off there, too', async () => {
  const { path } = await dashboardWithSocket({ server: { times: { headers: 100, request: 100, check: 50 } } });
  const socket = await connectTo(path);
  socket.write('POST /api/gateway/drain HTTP/1.1\r\nHost: here\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('its connections count for the limit', async () => {
  const { path, app } = await dashboardWithSocket();
  new ConnectionLimit(log, 2).watch(app.server);
  const [oldest] = [await connectTo(path), await connectTo(path), await connectTo(path)];
  expect(await buffer(oldest)).toHaveLength(0);
});

test('closing the dashboard answers who waits there, and cuts off spare connections', async () => {
  const { path, app, socket, home } = await dashboardWithSocket();
  writeFileSync(join(home, 'SOUL.md'), '');
  expect((await ask(path, { method: 'POST', url: '/api/gateway/drain', headers: AUTHORIZED })).status).toBe(200);
  const spare = await connectTo(path);
  const asked = once(app.server, 'request');
  const waiting = ask(path, { url: '/api/gateway/drain?until=drained&wait=60', headers: AUTHORIZED });
  await asked;
  socket?.close();
  await app.close();
  expect(await waiting).toMatchObject({ status: 200, body: expect.stringContaining('"safe_to_stop":false') });
  expect(await buffer(spare)).toHaveLength(0);
});
