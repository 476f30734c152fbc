import { HEARTBEAT_INTERVAL_MS } from '@hermes/drain-contract';

const CHECK_INTERVAL_MS = 1_000;

/** Slewing changes a clock by less than this between two checks, in ms; more is a jump. */
const JUMP_MS = 1_000;

/** Readings of the clocks, in ms. */
export interface ClockReading {
  /** Unix time. */
  readonly wall: number;
  /** Monotonic time. */
  readonly monotonic: number;
}

/** Whether the wall clock was set between the two readings, or the machine was suspended. */
export function hasJumped(before: ClockReading, after: ClockReading): boolean {
  return Math.abs(after.wall - before.wall - (after.monotonic - before.monotonic)) > JUMP_MS;
}

/**
 * Beats at the interval that readers expect, and at once after a jump of the wall clock: readers with the new time
 * would see the last heartbeat as too old, or from the future.
 */
export class Heartbeat {
  readonly #beat: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = readClocks();
  #lastBeat = this.#last.monotonic;

  constructor(beat: () => void) {
    this.#beat = beat;
  }

  /** Idempotent. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#last = readClocks();
    this.#lastBeat = this.#last.monotonic;
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const before = this.#last;
    this.#last = readClocks();
    // Timers fire slightly early or late: a millisecond must not delay the heartbeat by a whole check.
    const isDue = this.#last.monotonic - this.#lastBeat > HEARTBEAT_INTERVAL_MS - CHECK_INTERVAL_MS / 2;
    if (!isDue && !hasJumped(before, this.#last)) return;
    this.#lastBeat = this.#last.monotonic;
    this.#beat();
  }
}

function readClocks(): ClockReading {
  return { wall: Date.now(), monotonic: performance.now() };
}
