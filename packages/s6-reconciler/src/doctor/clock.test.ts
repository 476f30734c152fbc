import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it } from 'vitest';
import { checkClock } from './clock.ts';

it('is wrong when it is before a file of the home', () => {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'gateway.db'), '');
  const now = statSync(join(home, 'gateway.db')).mtimeMs;
  expect(checkClock(home, now - 200_000)).toMatchObject({ ok: true });
  expect(checkClock(home, now - 86_400_000)).toMatchObject({
    ok: false,
    found: expect.stringContaining('but gateway.db was written at'),
  });
});

it('is unknown where the home cannot be looked at', () => {
  const home = join(temporaryDirectory(), 'nowhere');
  expect(checkClock(home, 0)).toEqual({ ok: null, found: `${home}: ENOENT`, cure: null });
});
