import { constants } from 'node:os';

/** A signal asked this process to end. */
export class Interrupted extends Error {
  readonly by: NodeJS.Signals;

  constructor(by: NodeJS.Signals) {
    super(`interrupted by ${by}`);
    this.name = 'Interrupted';
    this.by = by;
  }
}

const LEAVE: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Aborts with {@link Interrupted} at the first signal; the second one ends the process at once. */
export class LeaveOnSignals implements Disposable {
  readonly #controller = new AbortController();

  constructor() {
    for (const name of LEAVE) process.on(name, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const name of LEAVE) process.off(name, this.#onSignal);
  }

  #onSignal = (name: NodeJS.Signals) => {
    if (this.signal.aborted) process.exit(statusOf(name));
    this.#controller.abort(new Interrupted(name));
  };
}

/** How a shell reports a death by `name`. */
export function statusOf(name: NodeJS.Signals): number {
  return 128 + (constants.signals[name] ?? 0);
}

/** Dies by `name`, so that a calling script sees that it was interrupted. */
export async function dieBy(name: NodeJS.Signals): Promise<never> {
  const { exitBySignal } = await import('@hermes/service-kit');
  return exitBySignal(name);
}
