/** Counters are written at most this often, in ms. */
const COUNTER_INTERVAL_MS = 100;

/** A write that failed is repeated after this, in ms: what is on disk is out of date. */
const RETRY_INTERVAL_MS = 1_000;

/** Writes the gateway's state somewhere others can read it. */
export type WriteState = () => Promise<void>;

/**
 * Decides when the state is written: a transition at once, counters coalesced, one write at a time and always the
 * newest state. A failed write is reported, and repeated every second until one succeeds.
 */
export class StatePublisher {
  readonly #write: WriteState;
  readonly #onError: (error: unknown) => void;
  #wanted: 'nothing' | 'counters' | 'transition' = 'nothing';
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastWrite = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(write: WriteState, onError: (error: unknown) => void) {
    this.#write = write;
    this.#onError = onError;
  }

  /** The state has changed in a way that somebody waits for. */
  transition(): void {
    this.#wanted = 'transition';
    this.#schedule();
  }

  /** Only figures have changed. */
  counters(): void {
    // Where something is wanted already, a write is on its way that will tell these figures, too.
    if (this.#wanted !== 'nothing') return;
    this.#wanted = 'counters';
    this.#schedule();
  }

  /** Resolves when everything that was published before the call has been written, or has failed. */
  async flush(): Promise<void> {
    if (this.#wanted !== 'nothing') this.transition();
    // What changes between the last write and its end is written after it.
    while (this.#running) await this.#running;
  }

  /** Nothing is written any more, except for a write under way. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#running || this.#closed) return;
    clearTimeout(this.#timer);
    const wait = this.#wanted === 'transition' ? 0 : this.#lastWrite + COUNTER_INTERVAL_MS - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#start(), wait).unref();
    else this.#start();
  }

  #start(): void {
    this.#running = this.#writeWanted().finally(() => {
      this.#running = undefined;
      if (this.#wanted !== 'nothing') this.#schedule();
    });
  }

  #fail(error: unknown): void {
    this.#onError(error);
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.transition(), RETRY_INTERVAL_MS).unref();
  }

  async #writeWanted(): Promise<void> {
    do {
      this.#wanted = 'nothing';
      clearTimeout(this.#timer);
      this.#lastWrite = performance.now();
      await this.#write().catch((error: unknown) => this.#fail(error));
      // A transition that came in between cannot wait; the analyser does not see the other callers.
    } while ((this.#wanted as string) === 'transition');
  }
}
