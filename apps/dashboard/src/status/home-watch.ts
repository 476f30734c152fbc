import { type FSWatcher, watch } from 'node:fs';

/** Reports changes of some files in the home of a profile. Events may be lost, so the caller must also poll. */
export class HomeWatch {
  #events: FSWatcher | undefined;

  constructor(home: string, filenames: readonly string[], onChange: () => void) {
    const watched = new Set<string | null>(filenames);
    try {
      this.#events = watch(home, { persistent: false }, (_event, filename) => {
        if (watched.has(filename)) onChange();
      });
      this.#events.on('error', () => this.close());
    } catch {
      // The system has no more watches, or the home is gone.
    }
  }

  /** Whether it can never report a change. */
  get isBlind(): boolean {
    return this.#events === undefined;
  }

  close(): void {
    this.#events?.close();
    this.#events = undefined;
  }
}
