import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { onlyMigrated } from './only-migrated.ts';
import type { ProfileSnapshot } from './snapshot.ts';

function profile(name: string, home = temporaryDirectory()): ProfileSnapshot {
  const nothing = { desired: undefined, observedState: undefined, legacyDesired: undefined, stopSeconds: undefined };
  return { kind: 'profile', name, home, ...nothing };
}

it('keeps migrated profiles, and names those of which it cannot be known', () => {
  const migrated = profile('migrated');
  writeFileSync(join(migrated.home, '.migration.json'), '{}');
  const loop = join(temporaryDirectory(), 'loop');
  symlinkSync(loop, loop);
  const found = [migrated, profile('theirs'), profile('unclear', loop)];
  expect(onlyMigrated([...found, { kind: 'unusable', name: 'file', reason: 'not a directory' }])).toEqual([
    migrated,
    {
      kind: 'unusable',
      name: 'unclear',
      reason: `cannot look whether the home was migrated: ${loop}/.migration.json (ELOOP)`,
    },
  ]);
});
