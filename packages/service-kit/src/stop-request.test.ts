import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { STOP_SIGNALS } from './stop-request.ts';
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
