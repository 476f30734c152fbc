import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REPETITION_MS, STOP_SIGNALS, StopRequest } from './stop-request.ts';
import { commandLine } from './testing/programs.ts';

it.each(STOP_SIGNALS)('%s requests a graceful shutdown, and a second signal forces it', async (signal) => {
  const [command, ...args] = commandLine('wait-for-stop');
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const said = child.stdout?.setEncoding('utf8')[Symbol.asyncIterator]();
  await once(child.stdio[3] as NodeJS.ReadableStream, 'data');
  child.kill(signal);
  expect((await said?.next())?.value).toBe(`${signal} true\n`);
  child.kill('SIGINT');
  expect((await said?.next())?.value).toBe('SIGINT\n');
  expect(await exited).toEqual([null, signal]);
});

describe('a second signal', () => {
  const after = (milliseconds: number, first: NodeJS.Signals, second: NodeJS.Signals) => {
    let now = 5_000;
    using request = new StopRequest(() => now);
    process.emit(first, first);
    now += milliseconds;
    process.emit(second, second);
    return { stopped: request.stopped.reason, forced: request.forceSignal.reason };
  };

  it.each(['SIGTERM', 'SIGHUP'] as const)('%s is a repetition of the first at first, and forces later', (second) => {
    expect(after(REPETITION_MS - 1, 'SIGTERM', second)).toEqual({ stopped: 'SIGTERM', forced: undefined });
    expect(after(REPETITION_MS, 'SIGTERM', second)).toEqual({ stopped: 'SIGTERM', forced: second });
  });

  it.each(['SIGINT', 'SIGQUIT'] as const)('%s of a person forces at once', (second) => {
    expect(after(0, 'SIGINT', second)).toEqual({ stopped: 'SIGINT', forced: second });
    expect(after(0, 'SIGTERM', second)).toEqual({ stopped: 'SIGTERM', forced: second });
  });
});
