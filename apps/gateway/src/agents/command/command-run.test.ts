import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { quietLog } from '../../testing/quiet-log.ts';
import { CommandRun } from './command-run.ts';
import type { Child } from './launcher.ts';

/** Longer than a run waits for pipes that are held open, in ms. */
const SUSPENDED_MS = 1_500;

it('reads to its end what a command has said, also when its gateway was suspended as that ended', async () => {
  const writer = spawn('sh', ['-c', 'read -r _; printf "its last words"']);
  onTestFinished(() => void writer.kill('SIGKILL'));
  const group = spawn('true', { detached: true });
  await once(group, 'exit');
  const { stdout, stderr, pid } = writer;
  const child = Object.assign(new EventEmitter(), { stdout, stderr, pid }) as unknown as Child;
  const options = { timeout: 60, max_output: 1_000, kill_after: 0, log: quietLog().log, isIsolated: false };
  const run = new CommandRun(child, group.pid as number, options);
  child.emit('exit', 0, null);
  // Its end has been noticed, and what it said has not been read.
  for (let tick = 0; tick < 50; tick++) await Promise.resolve();
  writer.stdin.write('\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SUSPENDED_MS);
  expect((await run.output.toArray()).join('')).toBe('its last words');
  expect(await run.ended).toEqual({ code: 0, signal: null, stopped: undefined });
});
