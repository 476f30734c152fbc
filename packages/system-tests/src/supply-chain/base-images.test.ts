import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { expect, test } from 'vitest';

const INSTALL = fileURLToPath(new URL('../../../../deploy/image/install-release', import.meta.url));
const noShellcheck = lacking('shellcheck', runs('shellcheck', '--version'));

const [checkout, release] = ['Dockerfile', 'Dockerfile.release'].map((name) =>
  readFileSync(new URL(`../../../../deploy/image/${name}`, import.meta.url), 'utf8'),
) as [string, string];

const basesOf = (dockerfile: string) => [...dockerfile.matchAll(/^FROM (?:--\S+ )?(\S+)/gm)].map(([, base]) => base);
const lastStageOf = (dockerfile: string) => dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

test('the image is built on base images that are pinned by digest, and copies only from its own stages', () => {
  const bases = basesOf(checkout);
  expect(bases.map((base) => base?.replace(/@.*/, ''))).toEqual(['node:24-bookworm-slim', 'debian:bookworm-slim']);
  for (const base of bases) expect(base).toMatch(/@sha256:[0-9a-f]{64}$/);
  for (const [, from] of checkout.matchAll(/^COPY --from=(\S+)/gm)) expect(from).toBe('build');
});

test('the image takes pnpm from the script that verifies it', () => {
  expect(checkout).toContain('node scripts/pnpm.mjs install --frozen-lockfile');
  expect(checkout).not.toMatch(/npx|corepack|npm (?:i|install)\b/);
});

test('the image of a release has the same base images, and the same last stage', () => {
  expect(basesOf(release)).toEqual(basesOf(checkout));
  expect(lastStageOf(release)).toBe(lastStageOf(checkout));
});

test.skipIf(noShellcheck)('the script that installs a release has nothing that shellcheck objects to', () => {
  expect(spawnSync('shellcheck', [INSTALL], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
});
