import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const dockerfile = readFileSync(new URL('../../../../deploy/image/Dockerfile', import.meta.url), 'utf8');
const bases = [...dockerfile.matchAll(/^FROM (?:--\S+ )?(\S+)/gm)].map(([, base]) => base);

test('the image is built on base images that are pinned by digest, and copies only from its own stages', () => {
  expect(bases.map((base) => base?.replace(/@.*/, ''))).toEqual(['node:24-bookworm-slim', 'debian:bookworm-slim']);
  for (const base of bases) expect(base).toMatch(/@sha256:[0-9a-f]{64}$/);
  for (const [, from] of dockerfile.matchAll(/^COPY --from=(\S+)/gm)) expect(from).toBe('build');
});

test('the image takes pnpm from the script that verifies it', () => {
  expect(dockerfile).toContain('node scripts/pnpm.mjs install --frozen-lockfile');
  expect(dockerfile).not.toMatch(/npx|corepack|npm (?:i|install)\b/);
});
