import type { FileHandle } from 'node:fs/promises';
import type { Logger } from '@hermes/service-kit';
import { type AuditEntry, type AuditRecord, auditEntrySchema, CHAIN_START, type ChainEnd, nextEntry } from './entry.ts';
import {
  auditPath,
  auditPaths,
  ensureAuditDirectory,
  openToAppend,
  ROTATE_BYTES,
  readAuditFile,
  readEnd,
  rotate,
} from './files.ts';
import { inTurn } from './turn.ts';

/** An answer waits this long for its entry: a volume that hangs must not keep anybody from cancelling. */
const PATIENCE_MS = 2_000;

/** More than the longest entry. */
const TAIL_BYTES = 64 * 1024;

/**
 * The audit of the requests that change something: one line each, in the order of their answers, chained by hashes. What
 * cannot be written is logged and counted, and stops nobody: whoever fills the disk must not be able to keep a drain from
 * being cancelled.
 */
export class AuditLog {
  readonly #home: string;
  readonly #logger: Logger;
  readonly #rotateBytes: number;
  #tail: Promise<unknown> = Promise.resolve();
  #last: ChainEnd | undefined;
  /** Told of each entry, whether it was written or not. */
  onEntry: (record: AuditRecord, isWritten: boolean) => void = () => undefined;

  constructor(home: string, logger: Logger, rotateBytes = ROTATE_BYTES) {
    this.#home = home;
    this.#logger = logger;
    this.#rotateBytes = rotateBytes;
  }

  /** The entry that this process wrote last. */
  get last(): ChainEnd | undefined {
    return this.#last;
  }

  /** Writes the entry of `record`, durably unless that takes too long. Never rejects. */
  async record(record: AuditRecord): Promise<void> {
    const writing = this.#tail.then(() => this.#write(record));
    this.#tail = writing;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#logger.error('the audit takes long to be written; the answer goes out before it');
      late.resolve();
    }, PATIENCE_MS);
    await Promise.race([writing, late.promise]);
    clearTimeout(timer);
  }

  /** Resolves when all that was recorded so far is written, or has failed to be. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  async #write(record: AuditRecord): Promise<void> {
    let isWritten = false;
    try {
      await ensureAuditDirectory(this.#home);
      this.#last = await inTurn(`${auditPath(this.#home)}.lock`, () => this.#append(record));
      isWritten = true;
    } catch (error) {
      this.#logger.error({ err: error, entry: record }, 'an entry of the audit could not be written');
    }
    this.onEntry(record, isWritten);
  }

  async #append(record: AuditRecord): Promise<AuditEntry> {
    const path = auditPath(this.#home);
    let file = await openToAppend(path);
    try {
      if ((await file.stat()).size >= this.#rotateBytes) {
        await file.close();
        await rotate(this.#home);
        file = await openToAppend(path);
      }
      const entry = nextEntry(record, await this.#endOfChain(file));
      await appendWhole(file, `${JSON.stringify(entry)}\n`);
      return entry;
    } finally {
      await file.close();
    }
  }

  /** From the file each time: another dashboard may serve the same home. */
  async #endOfChain(file: FileHandle): Promise<ChainEnd> {
    const end = await readEnd(file, TAIL_BYTES);
    // In bytes: a character that is torn, too, would be decoded as a longer one.
    const whole = end.subarray(0, end.lastIndexOf('\n') + 1);
    if (whole.length < end.length) await this.#dropTornEnd(file, end.length - whole.length);
    const inFile = lastEntry(whole.toString('utf8'));
    if (inFile) return inFile;
    for (const path of auditPaths(this.#home).reverse()) {
      const last = lastEntry((await readAuditFile(path)) ?? '');
      if (last) return last;
    }
    return CHAIN_START;
  }

  /** A line without its end was never acknowledged: whoever wrote it died, or ran out of space. */
  async #dropTornEnd(file: FileHandle, bytes: number): Promise<void> {
    this.#logger.warn({ bytes }, 'the audit ends in half a line, which is removed');
    await file.truncate((await file.stat()).size - bytes);
  }
}

/** All of `text` or nothing: half a line would spoil the next one. */
async function appendWhole(file: FileHandle, text: string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.appendFile(text, 'utf8');
    await file.datasync();
  } catch (error) {
    await file.truncate(size).catch(() => undefined);
    throw error;
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
