import { FileIdentity } from '../../storage/file-identity.ts';

const RESTART = 'restart the gateway';

/**
 * Whether the path of the journal still leads to the files that were opened: `gateway.db` and its log, which receives
 * every message first. A deleted file accepts every commit, and is lost at the end of the process.
 *
 * The check uses names and never opens the files: closing any descriptor of a database file makes the kernel drop the
 * locks that SQLite has on it in this process. The gateway never shortens the files: no VACUUM, no limit for the log.
 */
export class JournalFiles {
  readonly #database: FileIdentity;
  readonly #log: FileIdentity;

  /** The files of an open journal after its first write. @throws the error of `lstat`. */
  constructor(path: string) {
    this.#database = new FileIdentity(path);
    this.#log = new FileIdentity(`${path}-wal`);
  }

  /** Whether the content of the log can still be moved to a database that the next process finds. */
  get isDatabaseThere(): boolean {
    return this.#database.change() === undefined;
  }

  /** The problem and what to do; `undefined` if there is none. Costs two `lstat`. */
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
