import { FileIdentity } from '../../storage/file-identity.ts';

/** Name of the journal in a profile's home directory. */
export const JOURNAL_FILENAME = 'gateway.db';

const RESTART = 'restart the gateway';

/**
 * Whether the journal at a path is still made of the files that were opened: `gateway.db` and its log, where every
 * message goes first. A file that was deleted takes every commit, and is gone with the process.
 *
 * They are looked at by name, and never opened: closing any descriptor of a database file makes the kernel drop the
 * locks that SQLite has on it in this process. Nothing of ours shortens them: no VACUUM, no limit for the log.
 */
export class JournalFiles {
  readonly #database: FileIdentity;
  readonly #log: FileIdentity;

  /** Of a journal that is open and has been written. @throws the error of `lstat`. */
  constructor(path: string) {
    this.#database = new FileIdentity(path);
    this.#log = new FileIdentity(`${path}-wal`);
  }

  /** Whether what the log holds can still be moved to a database that the next process will find. */
  get isDatabaseThere(): boolean {
    return this.#database.change() === undefined;
  }

  /** What is wrong, and what to do; `undefined` while nothing is. Costs two `lstat`. */
  problem(): string | undefined {
    const change = this.#database.change();
    if (change !== undefined) return `the journal ${this.#database.path} ${change}: ${ADVICE[change] ?? RESTORE}`;
    const logChange = this.#log.change();
    if (logChange === undefined) return undefined;
    return `the log of the journal, ${this.#log.path}, ${logChange}: ${RESTART}`;
  }
}

const RESTORE = 'check the volume';
const ADVICE: Partial<Record<string, string>> = {
  'was deleted or moved': `move it back, or ${RESTART}, which then creates a new journal`,
  'was replaced by another file': `${RESTART}, which then uses that file`,
  'was truncated': `stop the gateway and start it again; if it refuses the journal, restore the journal from a backup`,
};
