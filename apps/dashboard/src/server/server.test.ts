import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { problemOf, SECRET, testDashboard } from '../testing/dashboard.ts';

const API = [
  '/api/status',
  '/api/profiles',
  '/api/gateway/drain',
  '/api/in-flight',
  '/api/boot-log',
  '/api/audit',
  '/api/audit/verify',
];
const PAGE = [
  '/',
  '/icon.svg',
  ...referencesOf(readFileSync(new URL('../../dist/page/index.html', import.meta.url), 'utf8')),
];

test.each([...API, ...PAGE, '/livez', '/nothing-here'])('%s has the security headers', async (url) => {
  const { ask } = await testDashboard();
  const { headers } = await ask({ url });
  const directives = String(headers['content-security-policy']).split(';');
  expect(directives.map((directive) => directive.trim()).sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "script-src 'self'",
    "style-src 'self'",
  ]);
  expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
  expect(headers).not.toHaveProperty('strict-transport-security');
});

test.each(API)('%s is never stored, refused or not', async (url) => {
  const { app, ask } = await testDashboard();
  expect((await ask({ url })).headers['cache-control']).toBe('no-store');
  expect((await app.inject({ url })).headers['cache-control']).toBe('no-store');
});

test.each(PAGE)('%s is open to everybody', async (url) => {
  const { app } = await testDashboard();
  const response = await app.inject({ url });
  expect(response.statusCode).toBe(200);
  expect(response.body).not.toBe('');
});

test.each([
  ['GET', '/nothing-here', 404],
  ['GET', '/api/nothing-here', 404],
  ['GET', '/../package.json', 404],
  ['PUT', '/api/status', 404],
  ['DELETE', '/api/status', 404],
  ['PATCH', '/api/gateway/drain', 404],
  ['GET', '/%', 400],
] as const)('%s %s is a problem', async (method, url, status) => {
  const { ask } = await testDashboard();
  const response = await ask({ method, url });
  expect(response.statusCode).toBe(status);
  expect(problemOf(response)).toMatchObject({ status });
});

test('HEAD is for probes and the page', async () => {
  const { ask } = await testDashboard();
  for (const url of ['/livez', '/readyz', '/']) expect((await ask({ method: 'HEAD', url })).statusCode).toBe(200);
  for (const url of API) expect((await ask({ method: 'HEAD', url })).statusCode).toBe(404);
});

test('the page asks for nothing from outside and has no script or style of its own in it', async () => {
  const { app } = await testDashboard();
  const page = (await app.inject({ url: '/' })).body;
  expect(page).not.toMatch(/https?:\/\/|<style|<script(?![^>]*\ssrc=)|\s(style|on\w+)=/);
  expect(referencesOf(page)).toHaveLength(3);
});

test('the page is small', async () => {
  const { app } = await testDashboard();
  const files = await Promise.all(PAGE.map(async (url) => (await app.inject({ url })).rawPayload));
  const compressed = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
  expect(compressed).toBeLessThan(150_000);
});

test('bounds the time to receive a request', async () => {
  const { app } = await testDashboard();
  const { requestTimeout, headersTimeout, keepAliveTimeout } = app.server;
  expect([requestTimeout, headersTimeout, keepAliveTimeout]).toEqual([25_000, 10_000, 10_000]);
});

test('half a request body holds its connection no longer than the bound', async () => {
  const dashboard = await testDashboard({ server: { times: { headers: 200, request: 300, check: 50 } } });
  const { port } = new URL(await dashboard.listen());
  const head = `POST /api/gateway/drain HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${SECRET}\r\nContent-Length: 99\r\n\r\n{`;
  const socket = connect(Number(port), '127.0.0.1', () => socket.write(head));
  expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
});

test.each([
  '/',
  '/livez',
  '/readyz',
  '/readyz?verbose',
  '/metrics',
  '/docs',
  '/docs/json',
  '/nothing-here',
  '//api/status',
])('%s answers only to our own names', async (url) => {
  const { app } = await testDashboard({ server: { hosts: { host: '127.0.0.1', allowedHosts: ['dash.example'] } } });
  const statusOf = async (host: string) => (await app.inject({ url, headers: { host } })).statusCode;
  expect(await statusOf('evil.example')).toBe(421);
  expect((await app.inject({ url: '/livez', headers: { host: 'evil.example' } })).json()).toMatchObject({
    detail: expect.stringContaining('HERMES_DASHBOARD_ALLOWED_HOSTS'),
  });
  expect(await statusOf('127.0.0.1.evil.example:9119')).toBe(421);
  for (const host of ['localhost', '127.0.0.1:9119', 'dash.example']) expect(await statusOf(host)).not.toBe(421);
});

test('a connection that sends nothing does not hold up the close', async () => {
  const dashboard = await testDashboard();
  const { port } = new URL(await dashboard.listen());
  const accepted = once(dashboard.app.server, 'connection');
  const socket = connect(Number(port), '127.0.0.1');
  const closed = once(socket.resume(), 'close');
  await accepted;
  await dashboard.app.close();
  await closed;
});

test('what is not HTTP is answered with a problem, too', async () => {
  const dashboard = await testDashboard();
  const { port } = new URL(await dashboard.listen());
  const socket = connect(Number(port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json.*"code":"malformed-http"/s);
});

/** What an HTML page refers to, as paths. */
function referencesOf(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="\.(\/[^"]+)"/g)].map(([, path]) => path ?? '');
}
