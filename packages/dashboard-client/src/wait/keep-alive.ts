import { setTimeout as delay } from 'node:timers/promises';
import type { BeginOptions, DashboardApi } from '../api/dashboard-api.ts';
import { isPassing } from '../errors.ts';

const RETRY_MS = 1_000;

export interface KeepAliveOptions {
  readonly requestId: string;
  /** Seconds until the drain expires unless it is refreshed. */
  readonly maxAgeSeconds: number;
  readonly signal: AbortSignal;
  /** Called once when there is no drain left to refresh. */
  readonly onLost?: (error: Error) => void;
}

/** Refreshes a drain three times within its max age, until the drain ends or is replaced, or until it is disposed. */
export class KeepAlive implements AsyncDisposable {
  readonly #api: DashboardApi;
  readonly #options: KeepAliveOptions;
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  readonly #done: Promise<void>;

  constructor(api: DashboardApi, options: KeepAliveOptions) {
    this.#api = api;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#ended.signal]);
    this.#done = this.#run().catch((error) => {
      if (!this.#signal.aborted) options.onLost?.(error);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const interval = (this.#options.maxAgeSeconds * 1000) / 3;
    let pause = interval;
    for (;;) {
      await delay(pause, undefined, { signal: this.#signal });
      pause = (await this.#repeat()) ? interval : Math.min(RETRY_MS, interval);
    }
  }

  async #repeat(): Promise<boolean> {
    const nothingNew: BeginOptions = {};
    try {
      await this.#api.begin(this.#signal, nothingNew, { requestId: this.#options.requestId });
      return true;
    } catch (error) {
      if (isPassing(error)) return false;
      throw error;
    }
  }
}
