import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { BARE_ENVIRONMENT } from './bare-environment.ts';

const BOUND_MS = 120_000;

/** What to start. */
export interface ProgramOptions {
  /** The JavaScript file of the command. */
  readonly shim: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  /** Arguments of node itself. */
  readonly execArgv?: readonly string[];
  /** It is killed if it runs for longer. */
  readonly boundMs?: number;
}

/** How it ended, and all that it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that has been started. */
export interface StartedProgram {
  readonly child: ChildProcess;
  /** The first line on stdout; rejects when the program ends before it. */
  firstLine(): Promise<string>;
  /** What it has said on stderr so far. */
  stderr(): string;
  /** Everything that it writes on descriptor 3 before it closes it. */
  notified(): Promise<string>;
  ended(): Promise<Ended>;
}

/** Starts a program of ours, with nothing of our environment but the path. Killed when the test is over. */
export function startProgram(options: ProgramOptions): StartedProgram {
  const { args = [], env = {}, uid, execArgv = [], shim, boundMs = BOUND_MS } = options;
  const child = spawn(process.execPath, [...execArgv, shim, ...args], {
    env: { ...BARE_ENVIRONMENT, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const { stdout, stderr } = child;
  const notifyFd = child.stdio[3] as Readable;
  if (!stdout || !stderr) throw new Error('expected pipes');
  const seen = { stdout: '', stderr: '' };
  stdout.setEncoding('utf8').on('data', (words) => {
    seen.stdout += words;
  });
  stderr.setEncoding('utf8').on('data', (words) => {
    seen.stderr += words;
  });
  const closed = once(child, 'close', { signal: AbortSignal.timeout(boundMs) });
  closed.catch(() => child.kill('SIGKILL'));
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    firstLine: async () => {
      while (!seen.stdout.includes('\n')) {
        const next = await Promise.race([once(stdout, 'data'), closed.then(() => undefined)]);
        if (next === undefined && !seen.stdout.includes('\n')) throw new Error(`ended too early: ${seen.stderr}`);
      }
      return seen.stdout.slice(0, seen.stdout.indexOf('\n'));
    },
    stderr: () => seen.stderr,
    notified: () => text(notifyFd),
    ended: async () => {
      const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
      return { code, signal, ...seen };
    },
  };
}

/** Runs a program of ours to its end. */
export function runProgram(options: ProgramOptions): Promise<Ended> {
  return startProgram(options).ended();
}
