import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ContractError } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockHome } from './home-lock.ts';

const HOLDER = fileURLToPath(new URL('testing/programs/hold-lock.ts', import.meta.url));

/** Locks a home until the test has finished. */
function lock(home: string): void {
  const held = lockHome(home);
  onTestFinished(() => held[Symbol.dispose]());
}

/** Why a home cannot be locked. */
function refusal(home: string): string {
  try {
    lock(home);
  } catch (error) {
    if (error instanceof StartupError || error instanceof ContractError) return error.message;
    throw error;
  }
  return 'locked';
}

/** A process that tries to lock a home, and keeps it. */
function startHolder(home: string, stderr: 'inherit' | 'ignore') {
  const child = spawn(process.execPath, [HOLDER, home], { stdio: ['ignore', 'pipe', stderr] });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, exited };
}

/** A process that has locked a home. */
async function holderOf(home: string) {
  const { child, exited } = startHolder(home, 'inherit');
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(120_000) });
  return { child, exited };
}

describe('lockHome', () => {
  it('gives a home to one gateway, and to the next one when that has let go', () => {
    const home = temporaryDirectory();
    const first = lockHome(home);
    expect(refusal(home)).toBe(
      `another gateway serves ${home}: stop it first, or choose another HERMES_HOME or --profile`,
    );
    first[Symbol.dispose]();
    expect(refusal(home)).toBe('locked');
  });

  it('gives different homes to different gateways', () => {
    expect([refusal(temporaryDirectory()), refusal(temporaryDirectory())]).toEqual(['locked', 'locked']);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('gives the home on when its gateway has died by %s', async (signal) => {
    const home = temporaryDirectory();
    const { child, exited } = await holderOf(home);
    expect(refusal(home)).toContain('another gateway serves');
    child.kill(signal);
    await exited;
    expect(refusal(home)).toBe('locked');
  });

  it('lets only one of many in that come at once', async () => {
    const home = temporaryDirectory();
    const holders = Array.from({ length: 5 }, () => startHolder(home, 'ignore'));
    const isLocked = ({ child }: ReturnType<typeof startHolder>) =>
      once(child.stdout, 'data', { signal: AbortSignal.timeout(120_000) });
    await Promise.any(holders.map(isLocked));
    const exits = holders.map(({ exited }) => exited);
    for (let left = exits.length; left > 1; left--) {
      const index = await Promise.race(exits.map(async (exit, number) => exit.then(() => number)));
      expect(await exits.splice(index, 1)[0]).toEqual([1, null]);
    }
    expect(refusal(home)).toContain('another gateway serves');
  });

  it('names the other gateway, as far as its state is known', () => {
    const home = temporaryDirectory();
    lock(home);
    writeFileSync(join(home, 'gateway_state.json'), '{"pid": 7, "endpoint": "http://127.0.0.1:1"}');
    expect(refusal(home)).toContain('another gateway (pid 7, http://127.0.0.1:1) serves');
    writeFileSync(join(home, 'gateway_state.json'), '{"pid": 7}');
    expect(refusal(home)).toContain('another gateway (pid 7, not listening) serves');
    writeFileSync(join(home, 'gateway_state.json'), 'garbage');
    expect(refusal(home)).toContain('another gateway serves');
  });

  it.each<[what: string, make: (path: string, elsewhere: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a FIFO, which would keep a reader waiting', (path) => execFileSync('mkfifo', [path])],
    ['a link', (path, elsewhere) => symlinkSync(elsewhere, path)],
    ['a link to nowhere', (path) => symlinkSync('/nowhere', path)],
  ])('refuses %s in the place of the lock', (_what, make) => {
    const home = temporaryDirectory();
    const elsewhere = join(temporaryDirectory(), 'precious');
    writeFileSync(elsewhere, 'precious');
    const path = join(home, '.gateway.lock');
    make(path, elsewhere);
    expect(refusal(home)).toBe(`cannot lock ${home}: ${path} is not a regular file; remove it`);
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
  });

  it('refuses a file in the place of the lock that is something else, and leaves it as it is', () => {
    const home = temporaryDirectory();
    const path = join(home, '.gateway.lock');
    writeFileSync(path, 'precious '.repeat(1_000));
    expect(refusal(home)).toMatch(/^cannot lock .*file is not a database/);
    expect(readFileSync(path, 'utf8')).toBe('precious '.repeat(1_000));
  });

  it('refuses a home that is not there', () => {
    const home = join(temporaryDirectory(), 'nowhere');
    expect(refusal(home)).toContain(`cannot use ${home}: `);
  });

  it('leaves nothing in a home but the lock', () => {
    const home = temporaryDirectory();
    lock(home);
    expect(readdirSync(home)).toEqual(['.gateway.lock', 'gateway.lock']);
  });
});
