/** The clock that decides which rows are old. */
export interface RetentionClock {
  /** Unix ms, or `undefined` while the clock is not reliable. Must be called at least every few minutes. */
  now(): number | undefined;
}

/**
 * How long the wall clock must run without a step before it counts as reliable, in ms: time to correct a wrong clock.
 */
export const STEADY_MS = 3_600_000;

/** Maximum drift of the wall clock against the monotonic one that counts as steady, in ms. */
const TOLERANCE_MS = 60_000;

/** Readings of the wall clock and the monotonic clock, in ms. */
export interface ClockReading {
  readonly wall: number;
  readonly monotonic: number;
}

/**
 * The wall clock, after it has run for an hour without a step against the monotonic clock, since the start of the
 * process and since it was last set. A clock that is wrong for longer counts as reliable: the gateway cannot tell it
 * from a correct one.
 */
export class SteadyClock implements RetentionClock {
  readonly #read: () => ClockReading;
  #since: ClockReading | undefined;

  constructor(read: () => ClockReading = readClocks) {
    this.#read = read;
  }

  now(): number | undefined {
    const reading = this.#read();
    if (this.#since === undefined || !isInStep(this.#since, reading)) this.#since = reading;
    return reading.monotonic - this.#since.monotonic >= STEADY_MS ? reading.wall : undefined;
  }
}

function isInStep(from: ClockReading, to: ClockReading): boolean {
  return Math.abs(to.wall - from.wall - (to.monotonic - from.monotonic)) <= TOLERANCE_MS;
}

function readClocks(): ClockReading {
  return { wall: Date.now(), monotonic: performance.now() };
}
