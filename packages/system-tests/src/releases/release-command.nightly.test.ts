import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Elsewhere, FaultyRegistry } from './elsewhere.ts';
import { Fixture } from './fixture.ts';
import { Registry } from './registry.ts';

/** Two or three releases, each with two dozen processes, on a machine that has other things to do. */
const RELEASES = { timeout: 600_000 };

let registry: Registry;
let elsewhere: Elsewhere;
let count = 0;

beforeAll(async () => {
  [registry, elsewhere] = await Promise.all([Registry.start(), Elsewhere.start()]);
});
afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  await elsewhere?.[Symbol.asyncDispose]();
});
afterEach(() => {
  expect(elsewhere.requests).toEqual([]);
});

/** A repository whose user may publish to `url`; with a scope setting unless `scope` is false. */
function fixture({ url = registry.url, scope = true }: { url?: string; scope?: boolean } = {}): Fixture {
  const npmrc = join(temporaryDirectory(), '.npmrc');
  const token = `${url.replace('http:', '')}:_authToken=${registry.token}\n`;
  writeFileSync(npmrc, `${scope ? `@hermes:registry=${url}\n` : ''}${token}`, { mode: 0o600 });
  count += 1;
  return new Fixture(`f${count}`, { npmrc, proxy: elsewhere.url });
}

const release = (repository: Fixture, ...options: string[]) => repository.release('--skip-checks', ...options);

test(
  'a release publishes each package, tags the commit and writes notes; a second one finds all of it',
  RELEASES,
  async () => {
    const repository = fixture();
    const { one, two, version, root } = repository;
    const first = await release(repository);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('NOT RUN, because of --skip-checks') });
    const { integrity } = (await registry.packument(one))?.versions[version]?.dist ?? {};
    expect(first.stdout).toContain(`${one}@${version} published, and there with ${integrity}`);
    const published = (await registry.packument(two))?.versions[version];
    expect(published).toMatchObject({ dependencies: { [one]: version } });

    const tags = repository.git(
      'for-each-ref',
      '--format=%(refname:strip=2) %(objecttype) %(*objectname)',
      'refs/tags',
    );
    const head = repository.git('rev-parse', 'HEAD');
    const expected = [`${one}@${version}`, `${two}@${version}`, `v${version}`].map((tag) => `${tag} tag ${head}`);
    expect(tags.split('\n')).toEqual(expected);
    const notes = repository.read(`release/${version}/notes.md`);
    expect(notes).toContain(`## ${two}\n\n### Minor Changes\n\n- ${two} is new.`);
    expect(notes).toContain(`npm install --global ${one}@${version}`);
    expect(notes).not.toContain('Old.');
    expect(JSON.parse(repository.read('release/recorded.json'))).toEqual([
      '--tarballs',
      join(root, 'release', version),
    ]);
    expect(repository.git('status', '--porcelain')).toBe('');

    const second = await release(repository);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('everything is already there') });
  },
);

test('a dry run publishes, tags and keeps nothing, and says what a release would refuse', async () => {
  const repository = fixture({ scope: false });
  repository.write('packages/one/forgotten.txt', 'not committed');
  const { code, stdout } = await release(repository, '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('A release would be refused here (exit code 65)');
  expect(stdout).toContain('packages/one/forgotten.txt');
  expect(stdout).toContain('A release would be refused here (exit code 78)');
  expect(stdout).toContain('refused for 2 reasons');
  expect(existsSync(join(repository.root, 'release'))).toBe(false);
  expect(repository.git('tag')).toBe('');
  expect(await registry.packument(repository.one)).toBeUndefined();
});

const REFUSED: Record<string, readonly [code: number, says: string, change: (repository: Fixture) => void]> = {
  'a file that is not committed': [65, '?? notes.txt', (repository) => repository.write('notes.txt', 'mine')],
  'a pending changeset': [
    65,
    '.changeset/a-change.md',
    (repository) => {
      repository.write('.changeset/a-change.md', `---\n"${repository.one}": patch\n---\n\nSomething.\n`);
      repository.commit();
    },
  ],
  'a version without a changelog': [
    65,
    'none in packages/two/CHANGELOG.md',
    (repository) => {
      repository.write('packages/two/CHANGELOG.md', '# two\n\n## 1.0.0\n\n- Old.\n');
      repository.commit();
    },
  ],
  'packages of two versions': [
    65,
    '-two 1.2.0',
    (repository) => {
      repository.edit('packages/two/package.json', (manifest) => ({ ...manifest, version: '1.2.0' }));
      repository.commit();
    },
  ],
  'a version that is tagged on another commit': [
    65,
    'v1.1.0 on ',
    (repository) => {
      repository.git('tag', '--annotate', '--message', 'earlier', 'v1.1.0');
      repository.write('later.txt', 'later');
      repository.commit();
    },
  ],
  'the placeholder of a repository': [
    65,
    'packages/two/package.json: git+ssh://git@git.example/two.git',
    (repository) => {
      const url = 'git+ssh://git@git.example/two.git';
      repository.edit('packages/two/package.json', (manifest) => ({ ...manifest, repository: { type: 'git', url } }));
      repository.commit();
    },
  ],
  'two registries': [
    78,
    'packages/one/package.json, publishConfig.registry: https://other.example/',
    (repository) => {
      const publishConfig = { registry: 'https://other.example/' };
      repository.edit('packages/one/package.json', (manifest) => ({ ...manifest, publishConfig }));
      repository.commit();
    },
  ],
  'tests that fail': [
    1,
    'pnpm run test failed',
    (repository) => {
      repository.write('check.mjs', 'process.exitCode = 1;');
      repository.commit();
    },
  ],
};

test.each(Object.entries(REFUSED))('%s: nothing is published', async (_, [code, says, change]) => {
  const repository = fixture();
  change(repository);
  const released = await repository.release();
  expect(released).toMatchObject({ code, stderr: expect.stringContaining(says) });
  expect(released.stderr).toContain('Nothing was published');
  expect(await registry.packument(repository.one)).toBeUndefined();
});

test('"npm run release --dry-run", which gives the option to npm, is a dry run as well', async () => {
  const repository = fixture();
  repository.environment['npm_config_dry_run'] = 'true';
  const { code, stdout } = await release(repository);
  expect(code).toBe(0);
  expect(stdout).toContain('A release would continue here and publish.');
  expect(await registry.packument(repository.one)).toBeUndefined();
});

test('without a registry nothing is published, least of all to the one that npm has by default', async () => {
  const released = await release(fixture({ scope: false }));
  expect(released).toMatchObject({ code: 78, stderr: expect.stringContaining('no @hermes:registry') });
});

test('the public registry is refused without an option', async () => {
  const repository = fixture({ scope: false });
  repository.write('.npmrc', '@hermes:registry="https://registry.npmjs.org"\n');
  repository.commit();
  const released = await release(repository);
  expect(released).toMatchObject({ code: 78, stderr: expect.stringContaining('--allow-public-registry') });
});

test('a registry that takes connections and does not answer is given up', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const released = await release(fixture({ url: `http://127.0.0.1:${port}/` }));
  expect(released).toMatchObject({ code: 69, stderr: expect.stringContaining(`http://127.0.0.1:${port}/ answers`) });
});

test('a version that is there with other content stops the release, before any other package is published', async () => {
  const repository = fixture();
  const { two, version } = repository;
  const directory = temporaryDirectory();
  registry.npmrc(directory);
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: two, version, description: 'another' }));
  const only = [`--registry=${registry.url}`, `--@hermes:registry=${registry.url}`];
  execFileSync('npm', ['publish', ...only], { cwd: directory, stdio: 'ignore' });
  const released = await release(repository);
  expect(released).toMatchObject({
    code: 65,
    stderr: expect.stringContaining(`${two}@${version} is there with sha512-`),
  });
  expect(await registry.packument(repository.one)).toBeUndefined();
});

test('a tarball is not published when files are missing or too many, or it cannot be installed', async () => {
  const repository = fixture();
  repository.write('LICENSE', '');
  repository.write('packages/one/README.md', 'See [the docs](../../docs/index.md).\n');
  repository.write('packages/one/bin/one.test.js', `// ${'x'.repeat(30_000)}\n`);
  repository.write('packages/one/bin/one.js', "#!/usr/bin/env node\nconsole.log('0.0.0');\n");
  repository.edit('packages/one/package.json', ({ repository: _, ...manifest }) => manifest);
  repository.edit('packages/two/package.json', (manifest) => ({ ...manifest, exports: { '.': './dist/none.js' } }));
  repository.commit();
  const { code, stderr } = await release(repository);
  expect(code).toBe(1);
  for (const problem of [
    'LICENSE is missing or empty',
    'README.md refers to ../../docs/index.md, which is not in the package',
    'bin/one.test.js is a test',
    'the unpacked package has ',
    'package.json has no repository',
    'one --version does not print 1.1.0 (exit status 0): 0.0.0',
    'publint ends with 1',
  ])
    expect(stderr).toContain(problem);
  expect(await registry.packument(repository.one)).toBeUndefined();
});

test('a release that breaks off between two packages is resumed with the same tarballs', RELEASES, async () => {
  await using faulty = await FaultyRegistry.before(registry.url);
  const repository = fixture({ url: faulty.url });
  const { one, two, version } = repository;
  faulty.faults.set(one, 'refused');
  const refused = await release(repository);
  expect(refused).toMatchObject({ code: 69, stderr: expect.stringContaining('Nothing was published') });
  expect(await registry.packument(one)).toBeUndefined();

  faulty.faults.set(one, 'answer lost');
  faulty.faults.set(two, 'refused');
  const broken = await release(repository);
  expect(broken).toMatchObject({
    code: 75,
    stderr: expect.stringContaining(`npm publish failed, and it is not there`),
  });
  expect((await registry.packument(one))?.versions[version]).toBeDefined();
  expect(await registry.packument(two)).toBeUndefined();
  expect(repository.git('tag')).toBe('');

  faulty.faults.clear();
  const resumed = await release(repository);
  expect(resumed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`${one}@${version} is already there, skipped`),
  });
  expect(resumed.stdout).toContain('has the tarballs of this commit');
  expect((await registry.packument(two))?.versions[version]).toBeDefined();
  expect(repository.git('tag').split('\n')).toHaveLength(3);
});
