import type { FileHandle } from 'node:fs/promises';
import { type FileLock, shellLine, withFileLock } from '@hermes/drain-contract';
import { type Logger, withTimeout } from '@hermes/service-kit';
import { lastEntry } from './chain.ts';
import { type AuditRecord, CHAIN_START, type ChainEnd, hashOf, nextEntry } from './entry.ts';
import {
  auditLockPath,
  auditPath,
  auditPaths,
  ensureAuditDirectory,
  openToAppend,
  ROTATE_BYTES,
  ROTATE_SLACK_BYTES,
  readAuditFile,
  readEnd,
  rotate,
} from './files.ts';
import { Refusals } from './refusals.ts';
import { oldestOf, oldestOnceRotated, readFaultSince } from './since.ts';

/** An answer waits this long for its entry: a volume that hangs must not keep an operator from cancelling. */
const ANSWER_WAIT_MS = 2_000;

/** An entry waits this long for the lock of the audit; then it is dropped. */
const ENTRY_WAIT_MS = 10_000;

/** The maximum number of queued entries, of a few KiB each; more are dropped. */
const MAX_WAITING = 1_000;

/** How many times the end of the chain is looked up anew because a program without the lock has written meanwhile. */
const MAX_LOOKS = 5;

/** A message with a command to paste. */
function tellBroken(home: string): string {
  const command = `HERMES_HOME=${shellLine([home])} drainctl history --verify`;
  return `entries of the audit were removed or changed after they were written; the log has the last entry that was whole; to check the whole record: ${command}`;
}

/** More than the longest entry. */
const TAIL_BYTES = 64 * 1024;

/**
 * The audit of the requests that change something: one line each, in the order of their answers, chained by hashes.
 * Nothing is appended without the lock, which dashboards of one home share. What cannot be written is logged and counted,
 * and blocks no request: a full disk must not prevent the cancel of a drain.
 * The last entry that this process has seen must still be there before another is appended: an end that was cut off or
 * written anew cannot be seen from the chain alone.
 */
export class AuditLog {
  readonly #home: string;
  readonly #logger: Logger;
  readonly #rotateBytes: number;
  readonly #entryWaitMs: number;
  readonly #waiting = new Set<Promise<void>>();
  readonly #refusals = new Refusals((record) => void this.#record(record));
  /** Whether the last wait for an entry timed out and no entry was appended since. */
  #isLate = false;
  #last: ChainEnd | undefined;
  #isBroken = false;
  #learning: Promise<void> | undefined;
  /** Called for each entry with whether it was written. */
  onEntry: (record: AuditRecord, isWritten: boolean) => void = () => undefined;

  constructor(home: string, logger: Logger, { rotateBytes = ROTATE_BYTES, entryWaitMs = ENTRY_WAIT_MS } = {}) {
    this.#home = home;
    this.#logger = logger;
    this.#rotateBytes = rotateBytes;
    this.#entryWaitMs = entryWaitMs;
  }

  /** The entry that this process wrote last, or found as the last one when it started. */
  get last(): ChainEnd | undefined {
    return this.#last;
  }

  /** Whether an entry is known to have been removed or changed after it was written. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Starts to detect changes of the end of the chain. */
  start(): void {
    this.#known().catch((error) => {
      this.#logger.warn({ err: error }, 'cannot read the end of the audit; it is retried before the next entry');
    });
  }

  /** Writes the entries that have been counted only, and waits until all are written. */
  async close(): Promise<void> {
    this.#refusals.flush();
    await this.settled();
    if (this.#last) this.#logger.info(headOf(this.#last), 'the audit ends with this entry');
  }

  /**
   * Writes the entry of `record`, durably unless that takes too long; once it has taken too long, answers do not wait
   * until entries are written again. What was refused again and again is counted instead. Never rejects.
   */
  async record(record: AuditRecord): Promise<void> {
    if (record.result === 'ok' || this.#refusals.isFirst(record)) await this.#record(record);
  }

  /** Records that the chain was followed and found broken. */
  reportBroken(at: number | null, detail: string | null): void {
    if (!this.#isBroken) this.#logger.error({ broken_at: at, detail }, tellBroken(this.#home));
    this.#isBroken = true;
  }

  async #record(record: AuditRecord): Promise<void> {
    const isFull = this.#waiting.size >= MAX_WAITING;
    const writing = this.#write(record, isFull);
    this.#waiting.add(writing);
    void writing.then(() => this.#waiting.delete(writing));
    if (
      this.#isLate ||
      (await withTimeout(
        writing.then(() => true),
        ANSWER_WAIT_MS,
        () => false,
      ))
    )
      return;
    this.#isLate = true;
    this.#logger.error('audit writes are slow; answers are sent before their entries are written');
  }

  /** Resolves when all that was recorded so far is written, or has failed to be, or takes long. */
  async settled(): Promise<void> {
    await withTimeout(Promise.all(this.#waiting), ANSWER_WAIT_MS, () => undefined);
  }

  async #write(record: AuditRecord, isFull: boolean): Promise<void> {
    let isWritten = false;
    try {
      if (isFull) throw new Error(`${MAX_WAITING} entries wait already for the lock of the audit`);
      const append = (lock: FileLock) => this.#append(record, lock);
      await withFileLock(auditLockPath(this.#home), this.#entryWaitMs, append);
      isWritten = true;
    } catch (error) {
      this.#logger.error({ err: error, entry: record }, 'cannot write an entry of the audit');
    }
    this.onEntry(record, isWritten);
  }

  async #append(record: AuditRecord, lock: FileLock): Promise<void> {
    this.#isLate = false;
    await this.#known();
    await ensureAuditDirectory(this.#home);
    const file = await openToAppend(auditPath(this.#home));
    try {
      for (let looks = 0; looks < MAX_LOOKS && lock.isCurrent(); looks += 1) {
        const { last, size } = await this.#endOfChain(file);
        const isFull = size >= this.#rotateBytes;
        if (size >= this.#rotateBytes + ROTATE_SLACK_BYTES) throw new Error('the audit is full and cannot be rotated');
        const end = await this.#checked(last);
        const oldest = await (isFull ? oldestOnceRotated : oldestOf)(this.#home, end);
        const entry = nextEntry(record, { ...end, oldest });
        if (!(await appendWhole(file, size, `${JSON.stringify(entry)}\n`))) continue;
        this.#last = entry;
        // Afterwards, so that entries are recorded before rotation removes them.
        if (isFull) await this.#rotate();
        return;
      }
      throw new Error('the lock of the audit was removed, or a program without it writes the audit, too');
    } finally {
      await file.close();
    }
  }

  async #rotate(): Promise<void> {
    try {
      await rotate(this.#home);
    } catch (error) {
      this.#logger.error({ err: error }, 'cannot rotate the audit');
    }
  }

  /** What the next entry follows: `end`, the last entry in the files, with what is known of the chain. */
  async #checked(end: ChainEnd): Promise<ChainEnd> {
    const known = this.#last;
    if (end.broken_at !== undefined) this.#isBroken = true;
    if (known === undefined || (known.hash === end.hash && hashOf(end) === end.hash)) return end;
    const fault = await readFaultSince(this.#home, known);
    if (fault === undefined) return end;
    this.#isBroken = true;
    this.#logger.error(
      { broken_at: fault.at, detail: fault.detail, known: headOf(known), found: headOf(end) },
      tellBroken(this.#home),
    );
    const broken_at = Math.min(fault.at, end.broken_at ?? fault.at, known.broken_at ?? fault.at);
    return { seq: Math.max(end.seq, known.seq), hash: end.hash, oldest: known.oldest ?? end.oldest, broken_at };
  }

  /** Resolves when the initial end of the chain is known. A failed read is retried the next time. */
  #known(): Promise<void> {
    this.#learning ??= this.#learn().catch((error) => {
      this.#learning = undefined;
      throw error;
    });
    return this.#learning;
  }

  async #learn(): Promise<void> {
    const last = await this.#lastOfFiles();
    if (last.seq === 0 || this.#last) return;
    this.#last = last;
    this.#logger.info(headOf(last), 'the audit continues after this entry');
    if (last.broken_at !== undefined) this.reportBroken(last.broken_at, 'an earlier dashboard detected it');
  }

  /** From the file each time: another dashboard may serve the same home. */
  async #endOfChain(file: FileHandle): Promise<{ readonly last: ChainEnd; readonly size: number }> {
    const { size } = await file.stat();
    const end = await readEnd(file, size, TAIL_BYTES);
    // In bytes: a character that is torn, too, would be decoded as a longer one.
    const whole = end.subarray(0, end.lastIndexOf('\n') + 1);
    const torn = end.length - whole.length;
    if (torn > 0) await this.#dropTornEnd(file, size, torn);
    return { last: lastEntry(whole.toString('utf8')) ?? (await this.#lastOfFiles()), size: size - torn };
  }

  async #lastOfFiles(): Promise<ChainEnd> {
    for (const path of auditPaths(this.#home).reverse()) {
      const text = (await readAuditFile(path)) ?? '';
      // A line without its end counts as none, as where it is removed.
      const last = lastEntry(text.slice(0, text.lastIndexOf('\n') + 1));
      if (last) return last;
    }
    return CHAIN_START;
  }

  /** A line without its end was never acknowledged: its writer died, or ran out of space. */
  async #dropTornEnd(file: FileHandle, size: number, bytes: number): Promise<void> {
    this.#logger.warn({ bytes }, 'removed an incomplete line from the end of the audit');
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

/** The identity of an entry, for the log, which is kept elsewhere. */
function headOf({ seq, hash }: ChainEnd): Pick<ChainEnd, 'seq' | 'hash'> {
  return { seq, hash };
}
