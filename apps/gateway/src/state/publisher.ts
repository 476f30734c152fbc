/** Minimum interval between writes of counters, in ms. */
const COUNTER_INTERVAL_MS = 100;

/** Retry delay after a failed write, in ms: the state on disk is out of date. */
const RETRY_INTERVAL_MS = 1_000;

/** Writes the gateway's state for its readers. */
export type WriteState = () => Promise<void>;

/**
 * Schedules the writes of the state: transitions at once, counters coalesced, one write at a time and always the newest
 * state. A failed write is reported, and retried every second.
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

  /** The state has changed, and readers wait for the change. */
  transition(): void {
    this.#wanted = 'transition';
    this.#schedule();
  }

  /** Only counters have changed. */
  counters(): void {
    // A scheduled write will include these counters.
    if (this.#wanted !== 'nothing') return;
    this.#wanted = 'counters';
    this.#schedule();
  }

  /** Resolves when every change from before the call has been written, or could not be. */
  async flush(): Promise<void> {
    if (this.#wanted !== 'nothing') this.transition();
    // Changes during the last write are written after it.
    while (this.#running) await this.#running;
  }

  /** Writes nothing more, except for a write in progress. */
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
      // A new transition cannot wait; the analyser does not see the other callers.
    } while ((this.#wanted as string) === 'transition');
  }
}
