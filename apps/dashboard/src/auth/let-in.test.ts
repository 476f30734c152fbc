import { expect, test } from 'vitest';
import { startCli } from '../testing/cli.ts';
import { SECRET } from '../testing/dashboard.ts';
import { temporaryHome } from '../testing/home.ts';

test.each([
  ['wrong secrets', { authorization: `Bearer ${'w'.repeat(48)}` }],
  ['requests of a web page, without any', {}],
])('a real dashboard lets the right secret in after 30 %s', async (_what, headers) => {
  const env = { HERMES_HOME: temporaryHome(), HERMES_DASHBOARD_DRAIN_SECRET: SECRET };
  const dashboard = startCli({ args: ['serve', '--port', '0'], env });
  const url = (await dashboard.firstLine()).replace('dashboard: ', '');
  const statusOf = async (method: string, path: string, secret: object = { authorization: `Bearer ${SECRET}` }) => {
    const response = await fetch(url + path, { method, headers: { ...secret } });
    await response.text();
    return response.status;
  };
  await Promise.all(Array.from({ length: 30 }, () => statusOf('GET', 'api/status', headers)));
  const asked = [
    ['POST', 'api/gateway/drain'],
    ['GET', 'api/status'],
    ['POST', 'api/gateway/drain'],
    ['GET', 'api/gateway/drain'],
    ['DELETE', 'api/gateway/drain'],
    ['GET', ''],
  ] as const;
  for (const [method, path] of asked) expect([path, await statusOf(method, path)]).toEqual([path, 200]);
});
