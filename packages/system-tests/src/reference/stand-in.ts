import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { lacking, runs } from '@hermes/test-kit';
import { onTestFinished } from 'vitest';

/** The stand-in for the reference system; its text says what it can do. */
export const STAND_IN = fileURLToPath(new URL('hermes', import.meta.url));

/** For `skipIf`. */
export const lacksPython = lacking('python3, for the stand-in of the reference system', runs('python3', '--version'));

const BOUND_MS = 120_000;

/** Which home, and how the stand-in differs from its defaults. */
export interface StandInOptions {
  /** The root home. */
  readonly home: string;
  readonly profile?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** A command to put before its own, like `unshare --pid --fork`. */
  readonly within?: readonly string[];
}

/** A command of the reference system that ends by itself: `drain`, `cancel`, `boot --scandir DIR` … */
export function runReference({ home, profile, env }: StandInOptions, ...args: readonly string[]) {
  const all = ['-B', STAND_IN, ...(profile === undefined ? [] : ['-p', profile]), ...args];
  return spawnSync('python3', all, {
    encoding: 'utf8',
    env: { ...process.env, ...env, HERMES_HOME: home },
    timeout: BOUND_MS,
  });
}

/** What a command of the reference system prints as JSON. @throws Error when it fails. */
export function toldByReference(options: StandInOptions, ...args: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = runReference(options, ...args);
  if (status !== 0) throw new Error(`hermes ${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Starts a gateway of the reference system and waits until it is ready. It is killed when the test is over. */
export async function startReferenceGateway(options: StandInOptions): Promise<ReferenceGateway> {
  const { home, profile, env } = options;
  const program = await start({ ...options, env: { STAND_IN_INTERVAL: '0.05', ...env } }, 'gateway', 'run');
  return new ReferenceGateway(profile === undefined ? home : join(home, 'profiles', profile), program);
}

/** Starts the reference system's dashboard. @returns its base URL. */
export async function startReferenceDashboard(options: StandInOptions): Promise<string> {
  const program = await start(options, 'dashboard');
  return program.stdout().trim();
}

/** A running gateway of the reference system. */
export class ReferenceGateway {
  readonly child: ChildProcess;
  readonly #program: Started;
  readonly #home: string;

  constructor(home: string, program: Started) {
    this.child = program.child;
    this.#home = home;
    this.#program = program;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it has printed so far. */
  get stdout(): string {
    return this.#program.stdout();
  }

  /** Begins a turn. @returns the turns in flight, or `refused`. */
  begin(): Promise<string> {
    return askStandIn(this.#home, 'begin');
  }

  /** Ends a turn. @returns the turns in flight. */
  end(): Promise<string> {
    return askStandIn(this.#home, 'end');
  }

  /** Sends `signal` and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await this.#program.exited;
  }
}

/** Asks the gateway that serves `home`, however it was started: `begin` or `end` a turn, or `count` them. */
export async function askStandIn(home: string, word: 'begin' | 'end' | 'count'): Promise<string> {
  const socket = connect(join(home, 'stand-in.sock'));
  try {
    const lines = createInterface({ input: socket });
    socket.write(`${word}\n`);
    const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(BOUND_MS) });
    return String(line);
  } finally {
    socket.destroy();
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  stdout(): string;
}

async function start(
  { home, profile, env, within = [] }: StandInOptions,
  ...args: readonly string[]
): Promise<Started> {
  const flags = profile === undefined ? [] : ['-p', profile];
  const [command = '', ...rest] = [...within, 'python3', '-B', STAND_IN, ...flags, ...args];
  const child = spawn(command, rest, {
    env: { ...process.env, ...env, HERMES_HOME: home, HERMES_NOTIFY_FD: '3' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const ready = once(child.stdio[3] as Readable, 'data', { signal: AbortSignal.timeout(BOUND_MS) });
  const outcome = await Promise.race([ready.then(() => 'ready'), exited.then(() => 'ended')]);
  if (outcome === 'ended') throw new Error(`hermes ${args.join(' ')} ended: ${said.stderr}`);
  return { child, exited, stdout: () => said.stdout };
}
