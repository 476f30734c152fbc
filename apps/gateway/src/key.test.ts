import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { startGateway } from './testing/gateway-process.ts';
import { rawRequest } from './testing/http-gateway.ts';

const KEY = 'Zr8kQ2vX5mT1wB7nJ4pL9sD3fG6hY0cA';

function gatewayWithKey() {
  const home = temporaryDirectory();
  const path = join(home, 'key');
  writeFileSync(path, `${KEY}\n`, { mode: 0o600 });
  return startGateway({ home, environment: { API_SERVER_KEY_FILE: path } });
}

it.each([
  ['wrong keys', { authorization: `Bearer ${'w'.repeat(32)}` }],
  ['requests without a key', {}],
])('a real gateway takes a message with the right key after 30 %s', async (_what, headers) => {
  const gateway = await gatewayWithKey();
  const message = { session: 's', text: 'hello' };
  const refused = await Promise.all(Array.from({ length: 30 }, () => gateway.post(message, { ...headers })));
  expect(refused.every(({ status }) => status === 401 || status === 429)).toBe(true);
  expect((await gateway.post(message, { authorization: `Bearer ${KEY}` })).status).toBe(200);
});

it('a real gateway has a key from a file, which is not in the environment that other processes can read', async () => {
  const gateway = await gatewayWithKey();
  expect((await gateway.post({ session: 's', text: 'hello' }, { authorization: `Bearer ${KEY}` })).status).toBe(200);
  if (process.platform === 'linux') {
    expect(readFileSync(`/proc/${gateway.pid}/environ`, 'latin1')).not.toContain(KEY);
  }
});

it('the open routes of a real gateway answer only to its own names', async () => {
  const gateway = await gatewayWithKey();
  const port = Number(new URL(gateway.url).port);
  const statusOf = async (host: string) =>
    (await rawRequest(port, { path: '/readyz?verbose', headers: { host } })).status;
  expect([await statusOf('evil.example'), await statusOf(`localhost:${port}`)]).toEqual([421, 200]);
});
