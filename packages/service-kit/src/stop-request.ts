/** The signals that request a shutdown. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/** What supervisors send: s6-overlay repeats SIGTERM, and systemd adds SIGHUP, at once. A terminal sends the others. */
const SUPERVISOR_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGHUP']);

/** For so long after the first signal, in ms, one of a supervisor is a repetition of the same request. */
export const REPETITION_MS = 2_000;

/**
 * Receives stop signals: the first one requests a graceful shutdown, the second one forces it. A second SIGTERM or SIGHUP
 * within {@link REPETITION_MS} is the supervisor's way to ask once and does nothing.
 */
export class StopRequest implements Disposable {
  readonly #asked = Promise.withResolvers<NodeJS.Signals>();
  readonly #stopped = new AbortController();
  readonly #force = new AbortController();
  readonly #now: () => number;
  #first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;

  readonly #receiveSignal = (signal: NodeJS.Signals) => this.#receive(signal);

  /** @param now a monotonic clock in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
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
    if (this.#first !== undefined) {
      const isRepetition = SUPERVISOR_SIGNALS.has(signal) && this.#now() - this.#first.at < REPETITION_MS;
      if (!isRepetition) this.#force.abort(signal);
      return;
    }
    this.#first = { signal, at: this.#now() };
    this.#asked.resolve(signal);
    this.#stopped.abort(signal);
  }
}
