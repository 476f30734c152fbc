import { DUPLICATE_TURN, NO_SUCH_TURN } from '../turn-store.ts';
import type { Write } from './write.ts';

/** The most writes of a commit, and the most bytes of their texts. A single write may be larger. */
const BATCH = { writes: 500, bytes: 4 * 1_048_576 } as const;

/** Error codes of the functions in the database, and of PostgreSQL. */
const CODES: Readonly<Record<string, string>> = { HG002: NO_SUCH_TURN, '23505': DUPLICATE_TURN };

interface Pending {
  readonly write: Write;
  readonly bytes: number;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Result = { readonly value: unknown } | { readonly code: string; readonly message: string };

/** Sends a batch of writes to the database in one transaction, and returns the result of each. */
export type Apply = (writes: readonly Write[]) => Promise<readonly Result[]>;

/** Commits together what gathers while the previous commit is under way. A failed write does not affect the others. */
export class Writer {
  readonly #apply: Apply;
  readonly #onStored: (write: Write, value: unknown) => void;
  #pending: Pending[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;
  #commits = 0;

  /** @param onStored is called with each write that is stored, before its promise resolves. */
  constructor(apply: Apply, onStored: (write: Write, value: unknown) => void) {
    this.#apply = apply;
    this.#onStored = onStored;
  }

  /** Commits since the start. */
  get commits(): number {
    return this.#commits;
  }

  /** @returns what the database answers. @throws Error whose `code` is that of the journal, or of PostgreSQL. */
  write(write: Write): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Error('the journal is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.push({ write, bytes: bytesOf(write), resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Writes what is pending. Later writes reject. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    // All writes of this turn of the event loop go together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#pending.length > 0) await this.#commit(this.#take());
    this.#running = undefined;
  }

  #take(): readonly Pending[] {
    let bytes = 0;
    const isOver = this.#pending.findIndex((pending, index) => {
      bytes += pending.bytes;
      return index > 0 && (index >= BATCH.writes || bytes > BATCH.bytes);
    });
    const batch = isOver === -1 ? this.#pending : this.#pending.slice(0, isOver);
    this.#pending = isOver === -1 ? [] : this.#pending.slice(isOver);
    return batch;
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    try {
      const results = await this.#apply(batch.map(({ write }) => write));
      this.#commits += 1;
      for (const [index, pending] of batch.entries()) this.#answer(pending, results[index]);
    } catch (error) {
      for (const pending of batch) pending.reject(error);
    }
  }

  #answer({ write, resolve, reject }: Pending, result: Result | undefined): void {
    if (result !== undefined && 'value' in result) {
      this.#onStored(write, result.value);
      resolve(result.value);
      return;
    }
    const { code, message } = result ?? { code: 'XX000', message: 'the database did not answer a write' };
    reject(Object.assign(new Error(message), { code: CODES[code] ?? code }));
  }
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce<number>((sum, part) => sum + bytesOf(part), 0);
}
