import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { shellLine } from '@hermes/drain-contract';
import { BARE_ENVIRONMENT } from '@hermes/test-kit';
import type { Testbed } from './testbed.ts';

/** The program. */
export const DRAINCTL = fileURLToPath(new URL('../../../drainctl/bin/drainctl.js', import.meta.url));
const BOUND_MS = 120_000;

/** What is operated, and with which `drainctl`; default: that of this checkout. */
export interface Operated extends Pick<Testbed, 'home'> {
  readonly dashboard: Pick<Testbed['dashboard'], 'url'>;
  readonly drainctl?: readonly [command: string, ...before: string[]];
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real `drainctl` without a terminal, in a session of its own; killed when disposed. */
export class Drainctl implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  #grown = Promise.withResolvers<void>();
  #stdout = '';
  #stderr = '';

  constructor({ home, dashboard, drainctl = [process.execPath, DRAINCTL] }: Operated, ...args: readonly string[]) {
    const [command, ...before] = drainctl;
    this.child = spawn(command, [...before, ...args], {
      detached: true,
      env: { ...BARE_ENVIRONMENT, HERMES_HOME: home, DRAINCTL_URL: dashboard.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      this.#stdout += piece;
      this.#wake();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      this.#stderr += piece;
      this.#wake();
    });
    this.#closed = once(this.child, 'close', { signal: AbortSignal.timeout(BOUND_MS) });
    this.#closed.catch(() => this.child.kill('SIGKILL'));
  }

  /** What it has printed so far, on both streams. */
  get printed(): string {
    return this.#stdout + this.#stderr;
  }

  /** Waits until it has printed something that matches. */
  async says(pattern: RegExp): Promise<void> {
    const ended = this.#closed.then(() => 'ended' as const);
    while (!pattern.test(this.printed)) {
      if ((await Promise.race([this.#grown.promise, ended])) === 'ended' && !pattern.test(this.printed)) {
        throw new Error(`expected drainctl to say ${pattern}; it ended with: ${this.printed}`);
      }
    }
  }

  #wake(): void {
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }

  async ended(): Promise<Ended> {
    const [code, signal] = (await this.#closed) as [number | null, NodeJS.Signals | null];
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.#closed.catch(() => undefined);
  }
}

/** Runs `drainctl` to its end. */
export async function drainctl(operated: Operated, ...args: readonly string[]): Promise<Ended> {
  await using program = new Drainctl(operated, ...args);
  // Awaited here: what is disposed is killed.
  return await program.ended();
}

/** Runs a line in a shell of another person: with a `drainctl`, and nothing of this environment. */
export async function pasted(line: string): Promise<Ended> {
  const script = `drainctl() { ${shellLine([process.execPath, DRAINCTL])} "$@"; }; ${line}`;
  const child = spawn('sh', ['-c', script], { env: { PATH: process.env.PATH }, timeout: BOUND_MS });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, signal, stdout, stderr };
}

/** The one JSON document on stdout. */
export function documentOf({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout);
}

/** The JSON documents on stdout, one a line. */
export function linesOf({ stdout }: Ended): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
