import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Life } from './history.ts';

/** Between the end of a program and its next start, as s6 has it, in ms. */
const RESTART_AFTER_MS = 300;

export interface SupervisedOptions {
  readonly program: Life['program'];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets every process that was started. */
  readonly lives: Life[];
}

/** A program that is started again however it ends, as a supervisor does. */
export class Supervised {
  readonly #options: SupervisedOptions;
  readonly #closing = new AbortController();
  #child: ChildProcess | undefined;
  #life: Life | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #restartAllowed: Promise<unknown> = Promise.resolve();
  #supervising: Promise<void> = Promise.resolve();

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  start(): void {
    this.#supervising = this.#supervise();
  }

  get running(): boolean {
    return this.#life !== undefined && this.#life.endedAt === undefined;
  }

  /** Sends a signal that it survives. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Sends a deadly signal and waits for the end; kills it when that does not come within `bound` ms. */
  async end(signal: 'SIGTERM' | 'SIGKILL', bound: number): Promise<void> {
    const [child, life, ended] = [this.#child, this.#life, this.#ended];
    if (child === undefined || life === undefined || life.endedAt !== undefined) return;
    life.asked ??= { signal, at: Date.now() };
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), bound);
    await ended;
    clearTimeout(timer);
  }

  /** It is not started again before `until` has settled. */
  holdRestart(until: Promise<unknown>): void {
    this.#restartAllowed = until.catch(() => undefined);
  }

  /** Ends it for good. */
  async close(signal: 'SIGTERM' | 'SIGKILL', bound: number): Promise<void> {
    this.#closing.abort();
    await this.end(signal, bound);
    await this.#supervising;
  }

  async #supervise(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const life = this.#spawn();
      await this.#ended;
      life.endedAt ??= Date.now();
      await this.#restartAllowed;
      await delay(RESTART_AFTER_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  #spawn(): Life {
    const { program, command, env, lives } = this.#options;
    const [file = '', ...args] = command;
    // A process group of its own: a Ctrl-C on the terminal reaches only us.
    const child = spawn(file, args, {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const life: Life = {
      program,
      pid: child.pid ?? 0,
      startedAt: Date.now(),
      readyAt: undefined,
      endedAt: undefined,
      exit: undefined,
      asked: undefined,
    };
    // It prints one line, when it is ready.
    child.stdout.once('data', () => {
      life.readyAt = Date.now();
    });
    child.stdout.resume();
    this.#ended = once(child, 'exit').then(([code, signal]) => {
      life.endedAt = Date.now();
      life.exit = signal ?? code;
    });
    this.#child = child;
    this.#life = life;
    lives.push(life);
    return life;
  }
}
