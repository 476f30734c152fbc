import { type AuditEntry, auditEntrySchema, CHAIN_START, type ChainEnd, hashOf } from './entry.ts';

/** A fault in the chain. */
export interface ChainFault {
  /** The number of the first entry that is wrong or missing, if known. */
  readonly at: number;
  readonly detail: string;
}

/** The entry in `line`, or `undefined`. */
export function parseEntry(line: string): AuditEntry | undefined {
  try {
    return auditEntrySchema.loose().parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The last entry in `text`. What follows a line that is no entry has to begin somewhere, too; verifying reports it. */
export function lastEntry(text: string): AuditEntry | undefined {
  for (const line of linesFromEnd(text)) {
    const entry = parseEntry(line);
    if (entry) return entry;
  }
  return undefined;
}

/** The first entry in `text`. */
export function firstEntry(text: string): AuditEntry | undefined {
  for (const line of text.split('\n')) {
    const entry = parseEntry(line);
    if (entry) return entry;
  }
  return undefined;
}

/** The lines of `text`, the last one first; the text after the last line end counts as a line. */
export function* linesFromEnd(text: string): Generator<string> {
  for (let end = text.length; end > 0; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    yield text.slice(start, end);
    end = start - 1;
  }
}

/** What is wrong with `entry` after `last`, the entry before; `undefined` for nothing. */
export function faultOf(entry: AuditEntry, last: ChainEnd | undefined): ChainFault | undefined {
  const { seq: at } = entry;
  if (hashOf(entry) !== entry.hash) return { at, detail: 'the entry was changed: its hash does not fit' };
  // Older files may have gone, so the first that is kept may be any, unless it says that it is the first of all.
  const before = last ?? (entry.seq === 1 ? CHAIN_START : { seq: entry.seq - 1, hash: entry.prev });
  if (entry.seq !== before.seq + 1) return { at, detail: `entry ${before.seq + 1} is missing` };
  if (entry.prev !== before.hash)
    return { at, detail: 'the entry does not follow the one before: its prev does not fit' };
  return undefined;
}

/**
 * What happened to the chain since `known` was written as one of its entries; `undefined` for nothing.
 * @param entries - from the one with the number of `known`, or the nearest before it, to the last.
 */
export function faultSince(known: ChainEnd, entries: readonly AuditEntry[]): ChainFault | undefined {
  const [first, ...others] = entries;
  if (first === undefined) return { at: known.oldest ?? 1, detail: 'every entry was removed' };
  if (first.seq < known.seq) return { at: first.seq + 1, detail: `entry ${known.seq} was removed from the end` };
  if (first.hash !== known.hash) return { at: first.seq, detail: 'the entry, or one before it, was written anew' };
  let last: ChainEnd | undefined;
  for (const entry of [first, ...others]) {
    const fault = faultOf(entry, last);
    if (fault) return fault;
    last = entry;
  }
  return undefined;
}
