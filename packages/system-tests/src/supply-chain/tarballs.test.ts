import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CHECKOUT,
  packagesInComments,
  packagesInNotices,
  packagesInPage,
  publishedWorkspaces,
  Tarball,
} from '../releases/tarball.ts';

/** The apps with a page, which is minified. */
const PAGES = ['apps/dashboard', 'apps/gateway'];

/** No module of these has a comment: helpers of the bundlers, CommonJS modules that were inlined, and files that are copied. */
const WITHOUT_COMMENT: Readonly<Record<string, readonly string[]>> = {
  'apps/gateway': ['@fastify/helmet', 'rolldown'],
  'packages/s6-reconciler': ['rolldown'],
  'apps/dashboard': ['@fastify/sse', 'rolldown', 'swagger-ui-dist'],
  'packages/drainctl': ['rolldown'],
};

test('all that is not private is published', () => {
  const packages = ['dashboard-client', 'drain-contract', 'drainctl', 's6-reconciler'].map(
    (name) => `packages/${name}`,
  );
  expect(publishedWorkspaces()).toEqual(['apps/dashboard', 'apps/gateway', ...packages]);
});

describe.each(publishedWorkspaces())('the tarball of %s', (workspace) => {
  test('contains the license', async () => {
    using tarball = await Tarball.of(workspace);
    expect(tarball.read('LICENSE')).toBe(readFileSync(join(CHECKOUT, 'LICENSE'), 'utf8'));
  });

  test('names each package that is bundled into it, and only those', async () => {
    using tarball = await Tarball.of(workspace);
    const code = tarball.files('dist/**/*.{js,cjs,mjs}').filter((file) => !file.startsWith('dist/page/'));
    const bundled = new Set(code.flatMap((file) => packagesInComments(tarball.read(file))));
    const [notices] = tarball.files('THIRD-PARTY-NOTICES.md').map((file) => tarball.read(file));
    const inPage = PAGES.includes(workspace) ? packagesInPage(workspace) : [];
    expect(notices === undefined).toBe(bundled.size === 0);
    const named = packagesInNotices(notices ?? '');
    expect([...bundled, ...inPage].filter((id) => !named.includes(id))).toEqual([]);
    const known = [...bundled, ...inPage.filter((id) => !id.startsWith('rolldown@'))];
    const more = named.filter((id) => !known.includes(id)).map((id) => id.replace(/@[^@]+$/, ''));
    expect(more.sort()).toEqual(WITHOUT_COMMENT[workspace] ?? []);
  });
});

test('drainctl needs no other package, and brings its manual page', async () => {
  using tarball = await Tarball.of('packages/drainctl');
  const { dependencies, peerDependencies, man } = JSON.parse(tarball.read('package.json'));
  expect([dependencies, peerDependencies]).toEqual([undefined, undefined]);
  expect(tarball.read(man)).toContain('.TH DRAINCTL');
  // Nothing listens there: what it says comes from its last module.
  const words = [tarball.path('bin/drainctl.js'), 'status', '--url', 'http://127.0.0.1:8'];
  const env = { PATH: process.env.PATH, DRAINCTL_TOKEN: 'not-sent-anywhere' };
  const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8', timeout: 120_000 });
  expect([status, stderr]).toEqual([7, expect.stringContaining('cannot reach the dashboard at http://127.0.0.1:8')]);
});

test('notices contain the license texts word by word', async () => {
  using tarball = await Tarball.of('packages/s6-reconciler');
  const zod = readFileSync(join(CHECKOUT, 'packages/drain-contract/node_modules/zod/LICENSE'), 'utf8');
  expect(tarball.read('THIRD-PARTY-NOTICES.md')).toContain(zod.trim());
});
