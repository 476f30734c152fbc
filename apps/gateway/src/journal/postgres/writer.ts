import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '@hermes/service-kit';
import type pg from 'pg';
import { type Connections, hangUp } from './connection.ts';
import type { JournalTimes } from './options.ts';
import { DECLARED_DEAD, FENCED, isRolledBack, sqlState } from './server-error.ts';

/** Limits of a batch: what one statement may hold, and the number of locks that it takes. */
const MAX_BATCH_BYTES = 4 * 1_048_576;
const MAX_BATCH_WRITES = 200;

/** Attempts of a batch that the server has rolled back because of others, such as a deadlock. */
const MAX_CONFLICTS = 5;

/** `code` of the error of a write that may or may not have taken effect. */
export const OUTCOME_UNKNOWN = 'ERR_OUTCOME_UNKNOWN';

/** A write as the functions of the database read it. */
export type Operation = Readonly<Record<string, unknown>> & { readonly op: string };

/** The result of a write, and the texts of the turns that its batch has started, by their ids. */
export interface Applied {
  /** The owner that wrote. It may have been given up since: then it is not known who owns the turns that it started. */
  readonly owner: string;
  readonly result: Readonly<Record<string, unknown>>;
  readonly texts: Readonly<Record<string, string>>;
}

interface Write {
  readonly json: string;
  resolve(applied: Applied): void;
  reject(error: unknown): void;
}

export interface WriterParts {
  readonly connections: Connections;
  readonly times: JournalTimes;
  /** The owner that writes now. @throws Error while there is none. */
  owner(): string;
  /** Called before answers: resolves when earlier reads have been answered. */
  beforeAnswer(): Promise<void>;
  /** The owner cannot write any more: it was fenced, or the outcome of its batch is unknown. */
  onAbandoned(owner: string, problem: string): void;
  onFailure(error: unknown): void;
  onSuccess(): void;
}

/**
 * Commits all writes that wait while the previous commit is in progress together, as one statement. A failed write does
 * not affect the others. When the connection breaks during a commit, the batch is sent again with its number, and the
 * database applies it once; a write rejects with {@link OUTCOME_UNKNOWN} if that is not possible for the hold time.
 */
export class Writer {
  readonly #parts: WriterParts;
  #client: pg.Client | undefined;
  #writes: Write[] = [];
  #work: Promise<void> | undefined;
  #number = 0;
  #commits = 0;
  #isClosed = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  get commits(): number {
    return this.#commits;
  }

  /** Resolves after the commit. */
  write(operation: Operation): Promise<Applied> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new Error('the journal is closed');
      this.#writes.push({ json: JSON.stringify(operation), resolve, reject });
      this.#work ??= this.#run();
    });
  }

  /** Commits what is pending, and closes the connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
    hangUp(this.#client);
  }

  async #run(): Promise<void> {
    await Promise.resolve();
    while (this.#writes.length > 0) await this.#commit(this.#nextBatch());
    this.#work = undefined;
  }

  #nextBatch(): readonly Write[] {
    let bytes = 0;
    let count = 0;
    for (const { json } of this.#writes) {
      if (count > 0 && (count === MAX_BATCH_WRITES || bytes + json.length > MAX_BATCH_BYTES)) break;
      bytes += json.length;
      count += 1;
    }
    return this.#writes.splice(0, count);
  }

  async #commit(batch: readonly Write[]): Promise<void> {
    try {
      const { owner, results, texts } = await this.#send(batch);
      this.#commits += 1;
      this.#parts.onSuccess();
      await this.#parts.beforeAnswer();
      batch.forEach((write, index) => {
        write.resolve({ owner, result: results[index] ?? {}, texts });
      });
    } catch (error) {
      if (batch.length > 1 && isOfOneWrite(error)) for (const write of batch) await this.#commit([write]);
      else this.#refuse(batch, error);
    }
  }

  #refuse(batch: readonly Write[], error: unknown): void {
    this.#parts.onFailure(error);
    for (const write of batch) write.reject(error);
  }

  /** Sends a batch until its outcome is known. */
  async #send(batch: readonly Write[]): Promise<Answer & { readonly owner: string }> {
    const { times, onAbandoned } = this.#parts;
    const until = performance.now() + times.holdMs;
    const of = await this.#owner(until);
    const values = [of, ++this.#number, `[${batch.map(({ json }) => json).join()}]`];
    /** Whether an attempt was sent and not answered: it may have taken effect. */
    let isUncertain = false;
    for (let failures = 0; ; failures += 1) {
      try {
        const answer = await this.#attempt(values);
        if (answer.gone) onAbandoned(of, DECLARED_DEAD);
        return { owner: of, ...answer };
      } catch (error) {
        if (sqlState(error) === FENCED) {
          onAbandoned(of, DECLARED_DEAD);
          throw error;
        }
        if (error instanceof Unanswered) isUncertain = true;
        else if (!isUncertain && isRolledBack(error) && (!isConflict(error) || failures >= MAX_CONFLICTS)) throw error;
        if (performance.now() >= until) {
          if (!isUncertain) throw error;
          onAbandoned(of, 'the connection broke during a commit');
          throw unknownOutcome(error);
        }
        await pause(failures === 0 ? 0 : backoffMs(failures - 1, times));
      }
    }
  }

  /** The owner, after this gateway has joined again if it must. @throws Error if it has not joined at that time. */
  async #owner(until: number): Promise<string> {
    for (let failures = 0; ; failures += 1) {
      try {
        return this.#parts.owner();
      } catch (error) {
        if (performance.now() >= until) throw error;
        await pause(backoffMs(failures, this.#parts.times));
      }
    }
  }

  async #attempt(values: readonly unknown[]): Promise<Answer> {
    this.#client ??= await this.#parts.connections.open();
    try {
      const { rows } = await this.#client.query({ name: 'apply', text: APPLY, values: [...values] });
      return rows[0].answer as Answer;
    } catch (error) {
      if (isRolledBack(error)) throw error;
      hangUp(this.#client);
      this.#client = undefined;
      throw new Unanswered(error);
    }
  }
}

/** A batch was sent, and the connection broke before its answer. */
class Unanswered extends Error {
  constructor(cause: unknown) {
    super((cause as Error).message, { cause });
  }
}

const APPLY = 'select apply_1($1, $2, $3::jsonb) as answer';

interface Answer {
  readonly results: readonly Applied['result'][];
  readonly texts: Applied['texts'];
  /** The batch was applied earlier, and the owner has been declared dead since. */
  readonly gone: boolean;
}

/** Classes of errors that concern the data of a write: invalid values, constraints, and the like. */
function isOfOneWrite(error: unknown): boolean {
  return ['21', '22', '23', '42', '54'].some((start) => sqlState(error)?.startsWith(start));
}

/** A deadlock or a serialization failure: nothing was written. */
function isConflict(error: unknown): boolean {
  return sqlState(error)?.startsWith('40') ?? false;
}

function unknownOutcome(cause: unknown): Error {
  const message = 'the connection to the journal broke during a commit: the write may or may not have taken effect';
  return Object.assign(new Error(message, { cause }), { code: OUTCOME_UNKNOWN });
}
