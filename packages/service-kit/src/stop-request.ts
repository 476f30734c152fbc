/** The signals that request a shutdown. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/** Receives stop signals: the first one requests a graceful shutdown, the second one forces it. */
export class StopRequest implements Disposable {
  readonly #asked = Promise.withResolvers<NodeJS.Signals>();
  readonly #stopped = new AbortController();
  readonly #force = new AbortController();
  #signal: NodeJS.Signals | undefined;

  readonly #receiveSignal = (signal: NodeJS.Signals) => this.#receive(signal);

  constructor() {
    for (const signal of STOP_SIGNALS) process.on(signal, this.#receiveSignal);
  }

  /** Receives no more signals: each ends the process, unless something else handles it. */
  [Symbol.dispose](): void {
    for (const signal of STOP_SIGNALS) process.off(signal, this.#receiveSignal);
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
  get forceSignal(): AbortSignal {
    return this.#force.signal;
  }

  #receive(signal: NodeJS.Signals): void {
    if (this.#signal !== undefined) this.#force.abort(signal);
    this.#signal ??= signal;
    this.#asked.resolve(signal);
    this.#stopped.abort(signal);
  }
}
