import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../config/load.ts';
import { servesPage } from '../config/schema.ts';
import { type HttpGatewayOptions, httpGateway, rawRequest } from '../testing/http-gateway.ts';

async function pageGateway(options: HttpGatewayOptions = {}) {
  const page = temporaryDirectory();
  mkdirSync(join(page, 'assets'));
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(page, 'assets/index-abc.js'), 'alert(1)');
  writeFileSync(join(page, 'icon.svg'), '<svg/>');
  return httpGateway({ page, ...options });
}

describe('the chat page', () => {
  it('needs no key, and its API does', async () => {
    const { url } = await pageGateway({ key: 's3cret' });
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([200, '<!doctype html><title>page</title>']);
    for (const path of ['/v1/status', '/v1/sessions/s/turns', '/v1/sessions/s/events', '/v1/turns/x']) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 401]);
    }
  });

  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/icon.svg', 'image/svg+xml', 'no-cache'],
    ['/assets/index-abc.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ])(
    '%s has its type, its cache rule, and the policy that allows nothing from elsewhere',
    async (path, type, cache) => {
      const { url } = await pageGateway();
      const { headers } = await fetch(url + path);
      expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([type, cache]);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';connect-src 'self';img-src 'self' data:;" +
          "frame-ancestors 'none';base-uri 'none';form-action 'none'",
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
    },
  );

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/',
    '/index.html',
  ])('there is nothing else: %s', async (path) => {
    const { port } = await pageGateway();
    expect((await rawRequest(port, { path })).status).toBe(404);
  });

  it('answers no name that another page has rebound to this machine', async () => {
    const { port } = await pageGateway();
    const request = (host: string) => rawRequest(port, { path: '/', headers: { host } });
    expect([(await request('evil.example')).status, (await request(`localhost:${port}`)).status]).toEqual([421, 200]);
  });

  it('is not there if it is switched off', async () => {
    const { url } = await httpGateway();
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('api_server.page', () => {
  it.each([
    ['{}', true],
    ['{ host: "::1" }', true],
    ['{ host: 0.0.0.0 }', false],
    ['{ host: 0.0.0.0, page: true }', true],
    ['{ page: false }', false],
  ])('%s', (section, serves) => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'config.yaml'), `api_server: ${section}\n`);
    expect(servesPage(readConfig(home, {}).config)).toBe(serves);
  });

  it('must be true or false', () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'config.yaml'), 'api_server:\n  page: maybe\n');
    expect(() => readConfig(home, {})).toThrow(/line 2: api_server.page: expected true or false, found "maybe"/);
  });
});

/** What a page of another origin can send without asking: a form, or a fetch without a preflight. */
it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a page of another origin cannot send a message as %s',
  async (type) => {
    const { url, journal } = await pageGateway();
    const response = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': type },
      body: JSON.stringify({ session: 's', text: 'hello' }),
    });
    expect([400, 415]).toContain(response.status);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await journal.turns({ limit: 10 })).toEqual([]);
  },
);
