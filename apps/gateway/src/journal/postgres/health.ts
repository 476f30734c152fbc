import type { StorageCheck } from '../../storage/storage-watch.ts';
import { describeFailure } from './failure.ts';
import type { PostgresJournal } from './postgres-journal.ts';

/**
 * Whether the journal can be written: observes the errors of its calls, and its connection with the other gateways. While
 * there is a problem, each check makes a test write, which detects recovery.
 */
export class PostgresHealth implements StorageCheck {
  readonly part = 'journal';
  readonly #journal: PostgresJournal;
  #failure: string | undefined;
  #isProbing = false;

  /**
   * @param journal is open. @param onFailure is called when the database reports an error, so that the problem is known
   * before the next message.
   */
  constructor(journal: PostgresJournal, onFailure: () => void) {
    this.#journal = journal;
    journal.on('failure', (error) => {
      this.#failure = describeFailure(error);
      onFailure();
    });
  }

  problem(): string | undefined {
    if (this.#failure !== undefined) void this.#probe();
    return this.#failure ?? this.#journal.separation;
  }

  /** Never rejects: errors were reported before. */
  async #probe(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    try {
      await this.#journal.probe();
      this.#failure = undefined;
    } catch {
      // The problem remains.
    } finally {
      this.#isProbing = false;
    }
  }
}
