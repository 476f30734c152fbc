import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compatibilityPage, type Row } from './compatibility-page.ts';
import { Installed } from './installed.ts';
import { lastRelease, tarballsOf } from './release.ts';
import { SCENARIOS } from './scenarios.ts';
import { checkoutSide, type Side, sideOf } from './side.ts';
import { CHECKOUT } from './tarball.ts';

const release = lastRelease();
const rows: Row[] = [];
let installed: Installed;
let old: Side;

beforeAll(async () => {
  installed = await Installed.of(tarballsOf(release));
  old = sideOf(installed, process.execPath);
});
afterAll(() => installed?.[Symbol.dispose]());

describe('the last release and this version on one home', () => {
  test.each(SCENARIOS)('$title', async ({ title, play }) => {
    const current = checkoutSide();
    rows.push({ title, upgrade: await play(old, current), rollback: await play(current, old) });
  });

  test('do what docs/compatibility.md says', async () => {
    // To write it: pnpm --filter @hermes/system-tests compatibility:update
    await expect(compatibilityPage(old.version, rows)).toMatchFileSnapshot(join(CHECKOUT, 'docs/compatibility.md'));
  });
});
