import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCli } from '../testing/cli.ts';
import { SECRET } from '../testing/dashboard.ts';
import { temporaryHome } from '../testing/home.ts';

const NAME = 'HERMES_DASHBOARD_DRAIN_SECRET';

test.each([
  ['the file that the variable names', (home: string) => ({ [`${NAME}_FILE`]: join(home, NAME) })],
  ['a systemd credential', (home: string) => ({ CREDENTIALS_DIRECTORY: home })],
])('a secret in %s works, and is not in the environment that other processes can read', async (_what, variables) => {
  const home = temporaryHome();
  writeFileSync(join(home, NAME), `${SECRET}\n`, { mode: 0o600 });
  const dashboard = startCli({ args: ['serve', '--port', '0'], env: { HERMES_HOME: home, ...variables(home) } });
  const url = (await dashboard.firstLine()).replace('dashboard: ', '');
  const response = await fetch(`${url}api/status`, { headers: { authorization: `Bearer ${SECRET}` } });
  expect(response.status).toBe(200);
  if (process.platform === 'linux') {
    expect(readFileSync(`/proc/${dashboard.child.pid}/environ`, 'latin1')).not.toContain(SECRET);
  }
});
