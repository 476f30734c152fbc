import { HEARTBEAT_INTERVAL_MS } from '@hermes/drain-contract';

const CHECK_INTERVAL_MS = 1_000;

/** Clocks are slewed by less than this between two checks, in ms; more is a jump. */
const JUMP_MS = 1_000;

/** The clocks at one moment, in ms. */
export interface ClockReading {
  /** Unix time. */
  readonly wall: number;
  /** Of a clock that nobody can set. */
  readonly monotonic: number;
}

/** Whether the wall clock was set between the two readings, or the machine has slept. */
export function hasJumped(before: ClockReading, after: ClockReading): boolean {
  return Math.abs(after.wall - before.wall - (after.monotonic - before.monotonic)) > JUMP_MS;
}

/**
 * Beats at the interval that readers count on; and at once when the wall clock has jumped, since a heartbeat from before
 * looks too old, or from the future, to every reader whose clock has jumped along.
 */
export class Heartbeat {
  readonly #beat: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = readClocks();
  #lastBeat = this.#last.monotonic;

  constructor(beat: () => void) {
    this.#beat = beat;
  }

  /** Calling it again changes nothing. */
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
    // Timers come a little early or late: not a whole check later for a millisecond.
    const isDue = this.#last.monotonic - this.#lastBeat > HEARTBEAT_INTERVAL_MS - CHECK_INTERVAL_MS / 2;
    if (!isDue && !hasJumped(before, this.#last)) return;
    this.#lastBeat = this.#last.monotonic;
    this.#beat();
  }
}

function readClocks(): ClockReading {
  return { wall: Date.now(), monotonic: performance.now() };
}
