import { type FSWatcher, mkdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DRAIN_REQUEST_FILENAME, GATEWAY_STATE_FILENAME } from '@hermes/drain-contract';

/** Against hanging. */
const TIMEOUT_MS = 10_000;

/** Changes the marker of a home, and tells how long it takes until the state file says so. */
export class Observer implements Disposable {
  readonly #home: string;
  readonly #marker: string;
  readonly #events: FSWatcher;
  #look: () => void = () => undefined;

  /** @param marker what a marker holds. */
  constructor(home: string, marker: string) {
    this.#home = home;
    this.#marker = marker;
    mkdirSync(join(home, 'prepared'));
    this.#events = watch(home, (_event, name) => {
      if (name === GATEWAY_STATE_FILENAME) this.#look();
    });
  }

  /** Renames a marker into place. @returns us from then on until the file says `draining`. */
  begin(): Promise<number> {
    // In another directory: its creation must not wake the one that is to be measured.
    const prepared = join(this.#home, 'prepared', 'marker');
    writeFileSync(prepared, this.#marker);
    return this.#timed('draining', () => renameSync(prepared, join(this.#home, DRAIN_REQUEST_FILENAME)));
  }

  /** Removes the marker. @returns us from then on until the file says `running`. */
  cancel(): Promise<number> {
    return this.#timed('running', () => rmSync(join(this.#home, DRAIN_REQUEST_FILENAME)));
  }

  [Symbol.dispose](): void {
    this.#events.close();
  }

  async #timed(state: string, change: () => void): Promise<number> {
    const seen = Promise.withResolvers<number>();
    const timer = setTimeout(() => seen.reject(new Error(`not ${state} within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    this.#look = () => {
      if (this.#published() === state) seen.resolve(performance.now());
    };
    change();
    const start = performance.now();
    const end = await seen.promise.finally(() => clearTimeout(timer));
    this.#look = () => undefined;
    return (end - start) * 1_000;
  }

  #published(): unknown {
    return JSON.parse(readFileSync(join(this.#home, GATEWAY_STATE_FILENAME), 'utf8')).gateway_state;
  }
}
