import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { failedStart, startGateway } from '../testing/gateway-process.ts';
import { bodyOf } from '../testing/http-gateway.ts';

const KEY = 'Zr8kQ2vX5mT1wB7nJ4pL9sD3fG6hY0cA';
const PAGE = 'https://chat.example.com';

it('a real gateway never logs a ticket, also when it refuses one', async () => {
  const home = temporaryDirectory();
  const environment = { API_SERVER_KEY: KEY, API_SERVER_CORS_ORIGINS: PAGE, HERMES_LOG_LEVEL: 'trace' };
  const gateway = await startGateway({ home, environment });
  const events = `${gateway.url}/v1/sessions/s/events`;
  const asked = await fetch(`${events}/ticket`, { method: 'POST', headers: { authorization: `Bearer ${KEY}` } });
  const { ticket } = await bodyOf(asked);
  const leaving = new AbortController();
  const open = (url: string) => fetch(url, { headers: { origin: PAGE }, signal: leaving.signal });
  const stream = await open(`${events}?ticket=${ticket}`);
  expect([stream.status, stream.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
  for (const url of [
    `${events}?ticket=${ticket}x`,
    `${gateway.url}/v1/nothing?ticket=${ticket}`,
    `${gateway.url}/%zz?ticket=${ticket}`,
  ]) {
    const refused = await open(url);
    expect([refused.ok, await refused.text()]).toEqual([false, expect.any(String)]);
  }
  leaving.abort();
  gateway.kill('SIGTERM');
  const { stdout, stderr } = await gateway.exited;
  expect(stderr).not.toBe('');
  expect(stdout + stderr).not.toContain(ticket);
});

it('a real gateway with a wrong origin in its configuration ends with 78, and says where', async () => {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), 'api_server:\n  cors_origins:\n    - https://a.example\n    - "*"\n');
  const { code, stderr } = await failedStart({ home });
  expect([code, stderr]).toEqual([
    78,
    expect.stringContaining(`${join(home, 'config.yaml')}: line 4: api_server.cors_origins.1: `),
  ]);
});
