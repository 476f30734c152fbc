/** A clock by which things may be forgotten. */
export interface RetentionClock {
  /** Unix ms, or `undefined` while the clock cannot be relied on. To be called at least every few minutes. */
  now(): number | undefined;
}

/** How long the wall clock must have run without a step before it is believed, in ms: time to set a wrong one right. */
export const STEADY_MS = 3_600_000;

/** How far the wall clock may move against the monotonic one, in ms, and count as steady. */
const TOLERANCE_MS = 60_000;

/** Two readings of the clocks, in ms: one that people set, and one that only runs. */
export interface ClockReading {
  readonly wall: number;
  readonly monotonic: number;
}

/**
 * The wall clock, once it has run for an hour as the monotonic one does, since the process started and since it was last
 * set. A clock that is wrong for longer than that is believed: nothing here could tell it from one that was set right.
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
