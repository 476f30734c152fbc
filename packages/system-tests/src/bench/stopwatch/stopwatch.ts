import { spawnSync } from 'node:child_process';
import { compile } from './compile.ts';

/** What one run of a program took, all that it waited for included. */
export interface Reading {
  /** From before it was started until it had ended, or was ready, in ms. */
  readonly wall: number;
  /** Processor time, in ms. */
  readonly user: number;
  readonly system: number;
  /** The most memory that one of its processes had at once, in MiB. */
  readonly peak: number;
}

export interface TimeOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Stops the clock when it says on HERMES_NOTIFY_FD that it is ready, and then the program. */
  readonly untilReady?: boolean;
  /** The exit status that it has to end with. Default: 0. */
  readonly status?: number;
}

/** A program that hangs must not hang the bench. */
const PATIENCE_MS = 600_000;

/** Times whole programs from outside, by a small program of its own that adds next to nothing. */
export class Stopwatch {
  readonly #program: string;

  /** Compiles it into `directory`. */
  constructor(directory: string) {
    this.#program = compile(new URL('stopwatch.c', import.meta.url), directory);
  }

  /** Runs `command` once. @throws Error when it does not end as it should. */
  time(command: readonly string[], { env, untilReady = false, status = 0 }: TimeOptions = {}): Reading {
    const words = [...(untilReady ? ['-r'] : []), ...command];
    const ran = spawnSync(this.#program, words, {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      timeout: PATIENCE_MS,
    });
    if (ran.status !== status) {
      throw new Error(`${command.join(' ')} ended with ${ran.status ?? ran.signal}: ${ran.stderr.slice(-2_000)}`);
    }
    const told = JSON.parse(ran.stdout) as Record<'wall_us' | 'user_us' | 'system_us' | 'peak_kib', number>;
    return {
      wall: told.wall_us / 1_000,
      user: told.user_us / 1_000,
      system: told.system_us / 1_000,
      peak: told.peak_kib / 1_024,
    };
  }
}
