import type { StorageCheck } from '../../storage/storage-watch.ts';
import { JournalFiles } from './journal-files.ts';
import { isLogDamaged } from './log-damage.ts';
import { databaseError, isLasting, isOfDatabase } from './open-database.ts';
import type { ThreadedJournal } from './threaded-journal.ts';

const LOG_DAMAGED =
  'the log of the journal was overwritten: stop the gateway and start it again; if it refuses the journal, restore the journal from a backup';

/**
 * Whether the journal can be written: checks its files, and observes the errors of its calls. While there is a problem,
 * each check makes a test write, which detects recovery and lets the journal save its log.
 */
export class JournalHealth implements StorageCheck {
  readonly part = 'journal';
  readonly #journal: ThreadedJournal;
  readonly #path: string;
  readonly #files: JournalFiles;
  #failure: string | undefined;
  #isLasting = false;
  /** Commits behind a damaged header are never read again, even after a new header is written. */
  #isLogDamaged = false;
  #isProbing = false;

  /**
   * @param journal is open. @param onFailure is called when the database reports an error, so that the problem is known
   * before the next message.
   */
  constructor(journal: ThreadedJournal, path: string, onFailure: () => void) {
    this.#journal = journal;
    this.#path = path;
    this.#files = new JournalFiles(path);
    journal.on('failure', (error) => {
      if (!isOfDatabase(error)) return;
      this.#failed(error);
      onFailure();
    });
  }

  problem(): string | undefined {
    this.#isLogDamaged ||= isLogDamaged(this.#path);
    const damage = this.#isLogDamaged ? `${LOG_DAMAGED} (${this.#path}-wal)` : undefined;
    const problem = this.#files.problem() ?? this.#failure ?? damage;
    if (problem !== undefined) void this.#probe();
    return problem;
  }

  #failed(error: unknown): void {
    this.#failure = databaseError(this.#path, error).message;
    this.#isLasting ||= isLasting(error);
  }

  /** Never rejects: errors were reported before. */
  async #probe(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    try {
      await this.#journal.probe();
      if (!this.#isLasting) this.#failure = undefined;
    } catch {
      // The problem remains.
    } finally {
      this.#isProbing = false;
    }
  }
}
