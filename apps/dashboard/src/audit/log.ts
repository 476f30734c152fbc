import type { FileHandle } from 'node:fs/promises';
import { type FileLock, withFileLock } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import { type AuditEntry, type AuditRecord, auditEntrySchema, CHAIN_START, type ChainEnd, nextEntry } from './entry.ts';
import {
  auditLockPath,
  auditPath,
  auditPaths,
  ensureAuditDirectory,
  openToAppend,
  ROTATE_BYTES,
  readAuditFile,
  readEnd,
  rotate,
} from './files.ts';

/** An answer waits this long for its entry: a volume that hangs must not keep an operator from cancelling. */
const ANSWER_WAIT_MS = 2_000;

/** An entry waits this long for the lock of the audit, then it is lost. */
const ENTRY_WAIT_MS = 10_000;

/** At most so many entries wait, of a few KiB each; those beyond are lost. */
const MAX_WAITING = 1_000;

/** How many times the end of the chain is looked up anew because a program without the lock has written meanwhile. */
const MAX_LOOKS = 5;

/** More than the longest entry. */
const TAIL_BYTES = 64 * 1024;

/**
 * The audit of the requests that change something: one line each, in the order of their answers, chained by hashes.
 * Nothing is appended without the lock, which dashboards of one home share. What cannot be written is logged and counted,
 * and blocks no request: whoever fills the disk must not be able to keep a drain from being cancelled.
 */
export class AuditLog {
  readonly #home: string;
  readonly #logger: Logger;
  readonly #rotateBytes: number;
  readonly #entryWaitMs: number;
  readonly #waiting = new Set<Promise<void>>();
  /** Whether the last answer that waited for its entry waited in vain, and none was appended since. */
  #isLate = false;
  #last: ChainEnd | undefined;
  /** Told of each entry, whether it was written or not. */
  onEntry: (record: AuditRecord, isWritten: boolean) => void = () => undefined;

  constructor(home: string, logger: Logger, { rotateBytes = ROTATE_BYTES, entryWaitMs = ENTRY_WAIT_MS } = {}) {
    this.#home = home;
    this.#logger = logger;
    this.#rotateBytes = rotateBytes;
    this.#entryWaitMs = entryWaitMs;
  }

  /** The entry that this process wrote last. */
  get last(): ChainEnd | undefined {
    return this.#last;
  }

  /**
   * Writes the entry of `record`, durably unless that takes too long; once it has taken too long, answers do not wait
   * until entries are written again. Never rejects.
   */
  async record(record: AuditRecord): Promise<void> {
    const isFull = this.#waiting.size >= MAX_WAITING;
    const writing = this.#write(record, isFull);
    this.#waiting.add(writing);
    void writing.then(() => this.#waiting.delete(writing));
    if (this.#isLate || (await isSettledIn(ANSWER_WAIT_MS, writing))) return;
    this.#isLate = true;
    this.#logger.error('the audit takes long to be written; answers go out before their entries');
  }

  /** Resolves when all that was recorded so far is written, or has failed to be, or takes long. */
  async settled(): Promise<void> {
    await isSettledIn(ANSWER_WAIT_MS, Promise.all(this.#waiting));
  }

  async #write(record: AuditRecord, isFull: boolean): Promise<void> {
    let isWritten = false;
    try {
      if (isFull) throw new Error(`${MAX_WAITING} entries wait already for the lock of the audit`);
      const append = (lock: FileLock) => this.#append(record, lock);
      this.#last = await withFileLock(auditLockPath(this.#home), this.#entryWaitMs, append);
      isWritten = true;
    } catch (error) {
      this.#logger.error({ err: error, entry: record }, 'an entry of the audit could not be written');
    }
    this.onEntry(record, isWritten);
  }

  async #append(record: AuditRecord, lock: FileLock): Promise<AuditEntry> {
    this.#isLate = false;
    await ensureAuditDirectory(this.#home);
    const path = auditPath(this.#home);
    let file = await openToAppend(path);
    try {
      if ((await file.stat()).size >= this.#rotateBytes) {
        await file.close();
        await rotate(this.#home);
        file = await openToAppend(path);
      }
      for (let looks = 0; looks < MAX_LOOKS && lock.isCurrent(); looks += 1) {
        const { last, size } = await this.#endOfChain(file);
        const entry = nextEntry(record, last);
        if (await appendWhole(file, size, `${JSON.stringify(entry)}\n`)) return entry;
      }
      throw new Error('the lock of the audit was removed, or a program without it writes the audit, too');
    } finally {
      await file.close();
    }
  }

  /** From the file each time: another dashboard may serve the same home. */
  async #endOfChain(file: FileHandle): Promise<{ readonly last: ChainEnd; readonly size: number }> {
    const { size } = await file.stat();
    const end = await readEnd(file, size, TAIL_BYTES);
    // In bytes: a character that is torn, too, would be decoded as a longer one.
    const whole = end.subarray(0, end.lastIndexOf('\n') + 1);
    const torn = end.length - whole.length;
    if (torn > 0) await this.#dropTornEnd(file, size, torn);
    return { last: lastEntry(whole.toString('utf8')) ?? (await this.#lastOfOlderFiles()), size: size - torn };
  }

  async #lastOfOlderFiles(): Promise<ChainEnd> {
    for (const path of auditPaths(this.#home).reverse()) {
      const last = lastEntry((await readAuditFile(path)) ?? '');
      if (last) return last;
    }
    return CHAIN_START;
  }

  /** A line without its end was never acknowledged: its writer died, or ran out of space. */
  async #dropTornEnd(file: FileHandle, size: number, bytes: number): Promise<void> {
    this.#logger.warn({ bytes }, 'the audit ends in half a line, which is removed');
    await file.truncate(size - bytes);
  }
}

/** All of `text` or nothing: half a line would spoil the next one. @returns false if the file no longer ends at `size`. */
async function appendWhole(file: FileHandle, size: number, text: string): Promise<boolean> {
  if ((await file.stat()).size !== size) return false;
  try {
    await file.appendFile(text, 'utf8');
    await file.datasync();
    return true;
  } catch (error) {
    await file.truncate(size).catch(() => undefined);
    throw error;
  }
}

async function isSettledIn(ms: number, task: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([task.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What follows a line that is no entry has to begin somewhere, too; verifying tells. */
function lastEntry(text: string): ChainEnd | undefined {
  for (const line of linesFromEnd(text)) {
    const entry = parseEntry(line);
    if (entry) return entry;
  }
  return undefined;
}

/** The last of them is the one that is asked for, as a rule. */
function* linesFromEnd(text: string): Generator<string> {
  for (let end = text.length; end > 0; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    yield text.slice(start, end);
    end = start - 1;
  }
}

/** The entry in `line`, or `undefined`. */
export function parseEntry(line: string): AuditEntry | undefined {
  try {
    return auditEntrySchema.loose().parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
