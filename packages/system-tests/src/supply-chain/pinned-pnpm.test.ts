import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PinnedPnpm } from './pinned-pnpm.ts';

const INSTALLS = 'pnpm was asked to: install --frozen-lockfile';
const STOPPED = 'pnpm was not started';

test('npm start runs the pnpm that is pinned, and downloads it once', async () => {
  await using checkout = await PinnedPnpm.create();
  expect(await checkout.start()).toMatchObject({ code: 1, stderr: expect.stringContaining(INSTALLS) });
  expect(checkout.requests).not.toEqual([]);
  checkout.requests.length = 0;
  expect(await checkout.start()).toMatchObject({ stderr: expect.stringContaining(INSTALLS) });
  expect(checkout.requests).toEqual([]);
});

test.each(['wrapper', 'executable'] as const)('npm start stops when the registry serves another %s', async (which) => {
  await using checkout = await PinnedPnpm.create();
  await checkout.tamperWith(which);
  const { code, stderr } = await checkout.start();
  expect(code).toBe(1);
  expect(stderr).toContain(STOPPED);
  expect(stderr).toContain('as scripts/pnpm/package-lock.json pins it');
  expect(stderr).not.toContain(INSTALLS);
});

test.each(['package.json', 'scripts/pnpm/package-lock.json'])(
  'npm start stops when %s pins another one',
  async (file) => {
    await using checkout = await PinnedPnpm.create();
    await checkout.start();
    checkout.edit(file, (text) => text.replace(/(pnpm@|"version": ")1\.0\.0/, '$11.0.1'));
    const { code, stderr } = await checkout.start();
    expect(code).toBe(1);
    expect(stderr).toContain(STOPPED);
    expect(stderr).toMatch(/packageManager: pnpm@1\.0\.\d\+sha512\.[0-9a-f]{128}\n/);
    expect(stderr).not.toContain(INSTALLS);
  },
);

test('a process under the pinned pnpm uses that one, and asks no registry', async () => {
  await using checkout = await PinnedPnpm.create();
  await checkout.tamperWith('executable');
  const { stderr } = await checkout.start({
    npm_config_user_agent: 'pnpm/1.0.0 npm/? node/v24',
    PATH: checkout.standInPath(),
  });
  expect(stderr).toContain(INSTALLS);
  expect(checkout.requests).toEqual([]);
});

test('package.json pins pnpm by version and sha512', () => {
  const { packageManager } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
  expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+\+sha512\.[0-9a-f]{128}$/);
});
