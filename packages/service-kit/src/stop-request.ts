/** The signals that ask one of our programs to end. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/** Listens for the wish to end: the first signal asks, a second one will not wait. */
export class StopRequest {
  readonly #asked = Promise.withResolvers<NodeJS.Signals>();
  readonly #stopped = new AbortController();
  readonly #hurry = new AbortController();
  #signal: NodeJS.Signals | undefined;

  constructor() {
    for (const signal of STOP_SIGNALS) process.on(signal, () => this.#receive(signal));
  }

  /** Resolves with the first signal. */
  get asked(): Promise<NodeJS.Signals> {
    return this.#asked.promise;
  }

  /** Aborts with the first signal, which is its reason. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Aborts with the second signal, which is its reason. */
  get hurry(): AbortSignal {
    return this.#hurry.signal;
  }

  #receive(signal: NodeJS.Signals): void {
    if (this.#signal !== undefined) this.#hurry.abort(signal);
    this.#signal ??= signal;
    this.#asked.resolve(signal);
    this.#stopped.abort(signal);
  }
}
