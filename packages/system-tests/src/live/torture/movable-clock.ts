import { globSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK_CACHE_MS } from './faults/clock.ts';

/** Of Debian's package faketime. */
const LIBRARY = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0];

export const canMoveClock = LIBRARY !== undefined;

/** A clock for programs that is this machine's until it is moved. Time that only passes is left alone. */
export class MovableClock {
  readonly #file: string;

  constructor(directory: string) {
    this.#file = join(directory, 'clock');
    this.move(0);
  }

  /** @param seconds from the true time. */
  move(seconds: number): void {
    writeFileSync(`${this.#file}.draft`, seconds < 0 ? String(seconds) : `+${seconds}`);
    renameSync(`${this.#file}.draft`, this.#file);
  }

  /** What makes a program see it. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: LIBRARY ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_CACHE_DURATION: String(CLOCK_CACHE_MS / 1_000),
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}
