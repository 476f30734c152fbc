import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DEFAULTS, type UnitDefinition } from './definition.ts';
import { installedFiles } from './files.ts';

const DEPLOY = fileURLToPath(new URL('../../../../deploy/systemd', import.meta.url));
const DEFINITION: UnitDefinition = { ...DEFAULTS, scope: 'system' };
const USER: UnitDefinition = { ...DEFAULTS, scope: 'user', home: '/home/anna/.hermes' };

it.each(
  installedFiles(DEFINITION, { dashboard: true, isolation: true }).map(({ path, text }) => [basename(path), text]),
)('deploy/systemd/%s is what an installation writes (update it with vitest -u)', (name, text) =>
  expect(text).toMatchFileSnapshot(join(DEPLOY, name)),
);

it('the units of a user differ in what only the machine has', () => {
  const environment = { HOME: '/home/anna' };
  const files = installedFiles(USER, { dashboard: true, isolation: false }, environment);
  expect(files.map(({ path }) => path)).toEqual([
    '/home/anna/.config/systemd/user/hermes-gateway@.service',
    '/home/anna/.config/systemd/user/hermes-dashboard.service',
  ]);
  for (const { text } of files) {
    expect(text).not.toMatch(/^(User|ProtectSystem|StateDirectory|LoadCredential|CapabilityBoundingSet)=/m);
    expect(text).toContain('WantedBy=default.target\n');
  }
});
