import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Testbed } from '../live/testbed.ts';
import { Elsewhere } from './elsewhere.ts';
import { Fork } from './fork.ts';
import { Registry } from './registry.ts';
import { lastRelease, tarballsOf } from './release.ts';
import { nodeOf, RUNTIMES } from './runtimes.ts';
import { NEWER_SCHEMA, send } from './scenarios.ts';
import type { Side } from './side.ts';
import { CHECKOUT, publishedWorkspaces } from './tarball.ts';

const run = promisify(execFile);
const BOUND_MS = 600_000;
const PACKAGES = ['gateway', 'dashboard', 'drainctl'] as const;
const first = basename(lastRelease()).slice(1);

let registry: Registry;
let elsewhere: Elsewhere;
let directory: string;
let npmrc: string;
/** The version of the second release. */
let second: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hermes-story-'));
  elsewhere = await Elsewhere.start();
  registry = await Registry.start();
  npmrc = registry.npmrc(directory, { all: true });
  for (const name of [...PACKAGES, 's6-reconciler'] as const)
    await registry.publish(tarballsOf(lastRelease())[name], elsewhere.url);
  second = await releaseChanged();
}, BOUND_MS);

afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  await elsewhere?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

afterEach(() => vi.unstubAllEnvs());

test('the second release is published with tags, and nothing went to another registry', async () => {
  for (const name of PACKAGES) {
    const packument = await registry.packument(`@hermes/${name}`);
    expect(Object.keys(packument?.versions ?? {}).sort()).toEqual([first, second].sort());
    expect(packument?.['dist-tags']['latest']).toBe(second);
  }
  expect(elsewhere.requests).toEqual([]);
});

test('npx runs drainctl in an empty directory', async () => {
  const place = new Place('npx', process.execPath);
  expect(await place.sh(`npx --yes @hermes/drainctl@${second} --version`)).toBe(`${second}\n`);
});

describe.each(RUNTIMES)('on the %s Node', (runtime) => {
  const node = nodeOf(runtime) ?? '';

  test.skipIf(node === '')('docs/upgrade.md upgrades, and rolls back without a loss', async () => {
    const place = new Place(runtime, node);
    await place.sh(`npm install --global ${PACKAGES.map((name) => `@hermes/${name}@${first}`).join(' ')}`);
    // As root, nothing is restored beside files of other users.
    vi.stubEnv('TMPDIR', directory);
    await using testbed = await Testbed.start({ installation: place.side() });
    place.home = testbed.home;
    const { upgrade, rollback } = playedBlocks();
    const answers = [await send(testbed, 'anna', 'm1')];
    await place.sh(upgrade.slice(0, 3).join('\n'));
    expect(await send(testbed, 'anna', 'm2')).toMatchObject({ status: 503, body: { code: 'draining' } });

    await restart(testbed);
    expect(await place.sh('hermes-gateway --version')).toBe(`${second}\n`);
    const checked = await place.sh(upgrade[3] ?? '');
    expect(checked).toContain('draining');
    expect(readFileSync(join(testbed.home, 'gateway_state.json'), 'utf8')).toContain('"of_the_second_release": true');

    // Back, as long as nothing was accepted.
    await stop(testbed);
    await place.sh(rollback.join('\n'));
    await start(testbed);
    expect(await send(testbed, 'anna', 'm1')).toEqual(answers[0]);
    answers.push(await send(testbed, 'anna', 'm2'));
    expect(answers[1]).toMatchObject({ status: 200, body: { status: 'done' } });
    rmSync(`${testbed.home}.upgraded`, { recursive: true });

    // Once more, and this time to stay.
    await place.sh(upgrade.slice(0, 3).join('\n').replace(' "$HERMES_HOME.before', ' --force "$HERMES_HOME.before'));
    await restart(testbed);
    await place.sh(upgrade.slice(3).join('\n'));
    answers.push(await send(testbed, 'anna', 'm3'));
    for (const [index, answer] of answers.entries())
      expect(await send(testbed, 'anna', `m${index + 1}`)).toEqual(answer);

    // The old version refuses the converted journal in words, and leaves it to the new one.
    await stop(testbed);
    await place.sh(`npm install --global @hermes/gateway@${first}`);
    await expect(testbed.startGateway()).rejects.toThrow('exit code 78');
    // Its end may be seen before its last words.
    await expect.poll(() => testbed.lastWords).toMatch(NEWER_SCHEMA);
    await place.sh(`npm install --global @hermes/gateway@${second}`);
    await start(testbed);
    for (const [index, answer] of answers.entries())
      expect(await send(testbed, 'anna', `m${index + 1}`)).toEqual(answer);
    rmSync(`${testbed.home}.before-upgrade.tar.gz`);
  });
});

/** A global installation of our commands, for one Node. */
class Place {
  home = '';
  readonly #directory: string;
  readonly #node: string;

  constructor(name: string, node: string) {
    this.#directory = join(directory, name);
    this.#node = node;
    mkdirSync(join(this.#directory, 'runtime'), { recursive: true });
    symlinkSync(node, join(this.#directory, 'runtime/node'));
  }

  /** @returns stdout. @throws {Error} with what it printed, when a command of it fails. */
  async sh(script: string): Promise<string> {
    const path = ['runtime', 'bin'].map((part) => join(this.#directory, part));
    const { stdout } = await run('sh', ['-ec', script], {
      cwd: this.#directory,
      timeout: BOUND_MS,
      env: {
        PATH: [...path, '/usr/local/bin:/usr/bin:/bin'].join(':'),
        HOME: this.#directory,
        HERMES_HOME: this.home,
        // As the testbed starts it: another gateway may have the usual port.
        API_SERVER_PORT: '0',
        VERSION: second,
        OLD_VERSION: first,
        npm_config_prefix: this.#directory,
        npm_config_userconfig: npmrc,
        npm_config_fund: 'false',
        npm_config_audit: 'false',
        npm_config_update_notifier: 'false',
      },
    });
    return stdout;
  }

  side(): Omit<Side, 'version'> {
    const command = (name: string): string => join(this.#directory, 'bin', name);
    const [gateway, dashboard] = [command('hermes-gateway'), command('hermes-dashboard')];
    return { node: this.#node, gateway, dashboard, drainctl: command('drainctl') };
  }
}

/** The shell blocks of the page, by what they do. */
function playedBlocks(): { upgrade: string[]; rollback: string[] } {
  const page = readFileSync(join(CHECKOUT, 'docs/upgrade.md'), 'utf8');
  const of = (heading: string): string[] => {
    const [, section = ''] = page.split(`\n## ${heading}\n`);
    const blocks = (section.split('\n## ')[0] ?? '').matchAll(
      /```sh no-run: played by the test of releases\n(.*?)```/gs,
    );
    return [...blocks].map(([, text = '']) => text);
  };
  const blocks = { upgrade: of('Upgrade'), rollback: of('Roll back before you cancel') };
  expect([blocks.upgrade.length, blocks.rollback.length]).toEqual([5, 1]);
  return blocks;
}

/** Cuts a release of this checkout with another journal and another state. @returns its version. */
async function releaseChanged(): Promise<string> {
  const fork = new Fork(join(directory, 'fork'), npmrc, elsewhere.url);
  fork.edit(
    'apps/gateway/src/journal/sqlite/migrations.ts',
    /\n\];\n$/,
    "\n  'ALTER TABLE turns ADD COLUMN later TEXT',\n];\n",
  );
  fork.edit(
    'apps/gateway/src/state/snapshot.ts',
    /queued_turns: readings\.queued,/,
    'queued_turns: readings.queued,\n    ...{ of_the_second_release: true },',
  );
  for (const workspace of publishedWorkspaces())
    fork.edit(`${workspace}/package.json`, /"url": ".*"/, '"url": "git+https://git.internal/hermes.git"');
  fork.write(
    '.changeset/second.md',
    '---\n"@hermes/gateway": minor\n---\n\nA journal and a state that the first release does not know.\n',
  );
  fork.commit();
  await fork.pnpm('install', '--frozen-lockfile', '--offline');
  await fork.pnpm('changeset', 'version');
  fork.commit();
  await fork.node('scripts/release.ts', '--skip-checks');
  const { version } = JSON.parse(readFileSync(join(fork.root, 'apps/gateway/package.json'), 'utf8'));
  expect(fork.tags()).toEqual(expect.arrayContaining([`v${version}`, `@hermes/gateway@${version}`]));
  expect(readFileSync(join(fork.root, `packages/system-tests/golden/v${version}/meanings.json`), 'utf8')).toContain(
    'draining',
  );
  return version;
}

async function stop({ gateway, dashboard }: Testbed): Promise<void> {
  await gateway.program.stop();
  await dashboard.program.stop();
}

async function start(testbed: Testbed): Promise<void> {
  await testbed.startGateway();
  await testbed.startDashboard();
}

async function restart(testbed: Testbed): Promise<void> {
  await stop(testbed);
  await start(testbed);
}
