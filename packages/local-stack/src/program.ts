import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

const START_TIMEOUT_MS = 120_000;

/** Longer than any program of ours takes to end, on a busy machine. */
const END_TIMEOUT_MS = 180_000;

/** What to start. */
export interface ProgramOptions {
  /** For messages. */
  readonly name: string;
  /** A JavaScript file. */
  readonly script: string;
  /** The Node to run it with. Default: the one that runs this. */
  readonly node?: string | undefined;
  readonly args?: readonly string[];
  /** A command to put before Node's own, like `unshare --pid --fork`; signals reach that command. */
  readonly within?: readonly string[] | undefined;
  /** Added to this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Receives what the program writes to stderr. Default: our stderr. */
  readonly onStderr?: (text: string) => void;
}

/** How a program ended. */
export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * One of our long-running programs as a child process. It gets a process group of its own: a Ctrl-C on the terminal
 * reaches only us, and we decide what it means.
 */
export class Program {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves when it has ended. Never rejects. */
  readonly exited: Promise<ProgramExit>;
  #stdout = '';
  #stderr = '';

  private constructor(options: ProgramOptions) {
    this.name = options.name;
    const [command = '', ...args] = [
      ...(options.within ?? []),
      options.node ?? process.execPath,
      options.script,
      ...(options.args ?? []),
    ];
    this.child = spawn(command, args, {
      detached: true,
      env: { ...process.env, ...options.env, HERMES_NOTIFY_FD: '3' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.exited = once(this.child, 'exit').then(([code, signal]) => ({ code, signal }));
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-100_000);
      if (options.onStderr) options.onStderr(text);
      else passOn(text, this.child.stderr as Readable);
    });
  }

  /** Starts it and waits until it says that it is ready. @throws Error when it ends or hangs instead; stderr has the reason. */
  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options);
    const ready = once(program.child.stdio[3] as Readable, 'data').then(() => 'ready' as const);
    const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
    const late = once(timeout, 'abort').then(() => 'late' as const);
    const outcome = await Promise.race([ready, program.exited, late]);
    if (outcome === 'ready') return program;
    await program.kill('SIGKILL');
    const why =
      outcome === 'late' ? `was not ready within ${START_TIMEOUT_MS / 1000} s` : `ended (${describeExit(outcome)})`;
    throw new Error(`${options.name} ${why}`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it has printed so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until it has printed something that matches. @throws Error when it has not within `timeout` ms. */
  async printed(pattern: RegExp, timeout = 60_000): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(timeout);
    for (;;) {
      const match = pattern.exec(this.#stdout);
      if (match) return match;
      await once(this.child.stdout as Readable, 'data', { signal }).catch(() => {
        throw new Error(`${this.name} has not printed ${pattern} within ${timeout} ms`);
      });
    }
  }

  /** The end of what it has logged. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Sends `signal` and waits for the end. @throws Error when it does not end; it is killed. */
  async kill(signal: NodeJS.Signals): Promise<ProgramExit> {
    if (this.running) this.child.kill(signal);
    const timeout = new AbortController();
    const late = delay(END_TIMEOUT_MS, 'late' as const, { signal: timeout.signal, ref: false });
    const outcome = await Promise.race([this.exited, late]);
    timeout.abort();
    if (outcome !== 'late') return outcome;
    this.child.kill('SIGKILL');
    throw new Error(`${this.name} has not ended ${END_TIMEOUT_MS / 1000} s after ${signal}; it was killed`);
  }

  /** Asks it to stop, and kills it when it has not after `patience` ms. */
  async stop(patience = 40_000): Promise<ProgramExit> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patience);
    try {
      return await this.kill('SIGTERM');
    } finally {
      clearTimeout(timer);
    }
  }
}

/** To our stderr; while that has no room, `source` is not read: what it says must not pile up here. */
function passOn(text: string, source: Readable): void {
  if (process.stderr.write(text)) return;
  source.pause();
  process.stderr.once('drain', () => source.resume());
}

/** `exit code 78` or `SIGTERM`. */
export function describeExit(exit: ProgramExit): string {
  return exit.signal ?? `exit code ${exit.code}`;
}
