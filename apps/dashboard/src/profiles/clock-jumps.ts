/** Wall clocks are slewed and read at slightly other moments; only what is more than this is a jump, in ms. */
const TOLERANCE_MS = 1_000;

/** Detects jumps of the wall clock by comparison with the monotonic clock. */
export class ClockJumps {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #offset: number;

  constructor(wall: () => number = () => Date.now(), steady: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#offset = wall() - steady();
  }

  /** Whether the clock has jumped since the last call. A suspend of the machine also counts. */
  hasJumped(): boolean {
    const before = this.#offset;
    this.#offset = this.#wall() - this.#steady();
    return Math.abs(this.#offset - before) > TOLERANCE_MS;
  }
}
