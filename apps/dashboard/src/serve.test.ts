import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { writeDrainRequest } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, test } from 'vitest';
import { type Cli, startCli } from './testing/cli.ts';
import { SECRET } from './testing/dashboard.ts';
import { temporaryHome } from './testing/home.ts';

const SERVE = ['serve', '--port', '0'];
const CUT_OFF = 'the grace period is over; unfinished requests were interrupted';
const LINK = /^dashboard: (http:\/\/127\.0\.0\.1:\d+\/)(?:#token=([\w-]{43}))?$/;

test('prints a link with the secret that it has made, which then opens the API', async () => {
  const home = temporaryHome();
  const [url, token] = await linkOf(startCli({ args: SERVE, env: { HERMES_HOME: home } }));
  expect(token).toBe(readFileSync(join(home, '.dashboard_token'), 'utf8'));
  const response = await fetch(`${url}api/status`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
});

test('prints no secret that came from the environment', async () => {
  const env = { HERMES_HOME: temporaryHome(), HERMES_DASHBOARD_DRAIN_SECRET: SECRET };
  const [url, token] = await linkOf(startCli({ args: SERVE, env }));
  expect(token).toBeUndefined();
  expect((await fetch(`${url}api/status`, { headers: { authorization: `Bearer ${SECRET}` } })).status).toBe(200);
});

test('takes the home from the command line', async () => {
  const home = temporaryHome();
  await linkOf(startCli({ args: [...SERVE, '--home', home], env: { HERMES_HOME: '/nowhere' } }));
  expect(readFileSync(join(home, '.dashboard_token'), 'utf8')).toHaveLength(43);
});

test('tells its supervisor when it is ready', async () => {
  const env = { HERMES_HOME: temporaryHome(), HERMES_NOTIFY_FD: '3' };
  const dashboard = startCli({ args: SERVE, env });
  expect(await dashboard.notified()).toBe('\n');
  const [url] = await linkOf(dashboard);
  expect((await fetch(`${url}readyz`)).status).toBe(200);
});

test('two that start together share one secret', async () => {
  const env = { HERMES_HOME: temporaryHome() };
  const links = await Promise.all([startCli({ args: SERVE, env }), startCli({ args: SERVE, env })].map(linkOf));
  expect(links[0]?.[1]).toBeDefined();
  expect(links[0]?.[1]).toBe(links[1]?.[1]);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s answers who waits and ends it by that signal',
  async (signal) => {
    const home = temporaryHome();
    await writeDrainRequest({ home });
    const dashboard = startCli({ args: SERVE, env: { HERMES_HOME: home } });
    const [url, token] = await linkOf(dashboard);
    const headers = { authorization: `Bearer ${token}` };
    const waiter = await longPoll(url, token);
    await fetch(`${url}api/status`, { headers });
    dashboard.child.kill(signal);
    expect(await waiter.answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"safe_to_stop":false/);
    expect(await dashboard.ended()).toMatchObject({ code: null, signal });
  },
);

test('spare connections and half a request head do not delay the stop', async () => {
  const dashboard = startCli({ args: SERVE, env: { HERMES_HOME: temporaryHome() } });
  const [url] = await linkOf(dashboard);
  await send(url, '');
  await send(url, 'POST /api/gateway/drain HTTP/1.1\r\nHost: here\r\n');
  // Connections are accepted in their order.
  expect((await fetch(`${url}livez`)).status).toBe(200);
  dashboard.child.kill('SIGTERM');
  expect(await dashboard.ended()).toMatchObject({ signal: 'SIGTERM' });
  expect(dashboard.stderr()).not.toContain(CUT_OFF);
});

test('a client that never ends its body delays the stop by a bound', async () => {
  const dashboard = startCli({ args: SERVE, env: { HERMES_HOME: temporaryHome() } });
  await sendHalfABody(dashboard);
  dashboard.child.kill('SIGTERM');
  expect(await dashboard.ended()).toMatchObject({ signal: 'SIGTERM' });
  expect(dashboard.stderr()).toContain(CUT_OFF);
});

test('a second signal ends it at once', async () => {
  const dashboard = startCli({ args: SERVE, env: { HERMES_HOME: temporaryHome() } });
  await sendHalfABody(dashboard);
  dashboard.child.kill('SIGTERM');
  await logged(dashboard, '"msg":"stopping"');
  dashboard.child.kill('SIGINT');
  expect(await dashboard.ended()).toMatchObject({ signal: 'SIGINT' });
  expect(dashboard.stderr()).not.toContain(CUT_OFF);
});

test('no log line holds a secret, at any level', async () => {
  const env = { HERMES_HOME: temporaryHome(), HERMES_DASHBOARD_LOG_LEVEL: 'trace' };
  const dashboard = startCli({ args: SERVE, env });
  const [url, token = ''] = await linkOf(dashboard);
  const headers = { authorization: `Bearer ${token}` };
  await fetch(`${url}api/status?token=${token}`, { headers });
  await fetch(`${url}api/gateway/drain`, { method: 'POST', headers, body: '{' });
  await fetch(`${url}nothing?token=${token}`, { headers });
  await fetch(`${url}api/status`, { headers: { authorization: 'Bearer a-guess' } });
  dashboard.child.kill('SIGTERM');
  const { stderr } = await dashboard.ended();
  expect(stderr).toContain('"path":"/nothing"');
  expect(stderr).not.toContain(token);
  expect(stderr).not.toContain('a-guess');
});

async function linkOf(dashboard: Cli): Promise<[url: string, token: string | undefined]> {
  const line = await dashboard.firstLine();
  const [, url = '', token] = LINK.exec(line) ?? [];
  expect(url, line).not.toBe('');
  return [url, token];
}

/** Sends `words` on a connection of their own and leaves it open. */
async function send(url: string, words: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  if (words !== '') await new Promise((resolve) => socket.write(words, resolve));
  return socket;
}

async function sendHalfABody(dashboard: Cli): Promise<void> {
  const [url, token] = await linkOf(dashboard);
  const head = [
    'POST /api/gateway/drain HTTP/1.1',
    'Host: here',
    `Authorization: Bearer ${token}`,
    'Content-Length: 9',
  ];
  await send(url, `${head.join('\r\n')}\r\n\r\n{`);
  expect((await fetch(`${url}livez`)).status).toBe(200);
}

async function longPoll(url: string, token: string | undefined): Promise<{ answer: Promise<string> }> {
  const head = [
    'GET /api/gateway/drain?until=drained&wait=60 HTTP/1.1',
    'Host: here',
    `Authorization: Bearer ${token}`,
  ];
  const socket = await send(url, `${head.join('\r\n')}\r\n\r\n`);
  return { answer: text(socket) };
}

async function logged(dashboard: Cli, words: string): Promise<void> {
  await eventually(() => expect(dashboard.stderr()).toContain(words));
}
