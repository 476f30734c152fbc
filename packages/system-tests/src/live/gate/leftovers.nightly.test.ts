import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeContainers } from '../container/suite.ts';
import { note } from './figures.ts';
import { until } from './until.ts';

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));
const VITEST = join(PACKAGE, 'node_modules/vitest/vitest.mjs');
const CONFIG = 'src/live/gate/programs/broken.config.ts';

describeContainers('nothing is left behind', () => {
  let directory: string;
  let booted: string;
  let temporary: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hermes-broken-'));
    booted = join(directory, 'booted');
    temporary = mkdtempSync(join(directory, 'tmp-'));
    writeFileSync(booted, '');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('by a test that fails, and by one that hangs, with a container in the middle of a turn', {
    timeout: 400_000,
  }, async (context) => {
    const run = runBroken();
    const [code] = await once(run, 'exit');
    expect(code).toBe(1);
    expect(bootedPids()).toHaveLength(2);
    await expectNothingLeft();
    note(context, { containers_abandoned: bootedPids().length });
  });

  test('by a run that is killed in the middle of a test', { timeout: 400_000 }, async () => {
    const run = runBroken();
    await until('a container is in the middle of a turn', () => bootedPids()[0]);
    expect(traces()).not.toEqual([]);
    run.kill('SIGKILL');
    await once(run, 'exit');
    await expectNothingLeft();
  });

  function runBroken(): ChildProcess {
    const env = { ...process.env, TMPDIR: temporary, BOOTED: booted };
    return spawn(process.execPath, [VITEST, 'run', '--config', CONFIG], { cwd: PACKAGE, env, stdio: 'ignore' });
  }

  function bootedPids(): number[] {
    return readFileSync(booted, 'utf8').trimEnd().split('\n').filter(Boolean).map(Number);
  }

  /** Whoever removes things does so when it notices that we are gone, a moment later. */
  async function expectNothingLeft(): Promise<void> {
    await expect.poll(traces, { timeout: 400_000 }).toEqual([]);
  }

  /** What still knows of the run: its files, processes that name them, and namespaces that have one of them mounted. */
  function traces(): string[] {
    const files = readdirSync(temporary);
    const processes = readdirSync('/proc').filter((pid) => {
      return /^\d+$/.test(pid) && ['cmdline', 'mountinfo', 'environ'].some((file) => mentions(`/proc/${pid}/${file}`));
    });
    return [...files, ...processes.map((pid) => `process ${pid}`)];
  }

  function mentions(path: string): boolean {
    try {
      return readFileSync(path, 'utf8').includes(temporary);
    } catch {
      return false;
    }
  }
});
