import { type AuditEntry, auditEntrySchema, CHAIN_START, type ChainEnd, hashOf } from './entry.ts';
import { auditPaths, readAuditFile, readAuditFiles } from './files.ts';
import { parseEntry } from './log.ts';

export interface AuditQuery {
  readonly profile?: string | undefined;
  readonly limit: number;
}

/** The last entries, newest first. Never throws: what is no entry is left out. */
export async function readAudit(home: string, { profile, limit }: AuditQuery): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (const path of auditPaths(home).reverse()) {
    for (const line of ((await readAuditFile(path)) ?? '').split('\n').reverse()) {
      if (entries.length >= limit) return entries;
      const entry = parseEntry(line);
      if (entry && (profile === undefined || entry.profile === profile)) entries.push(auditEntrySchema.parse(entry));
    }
  }
  return entries;
}

/** Whether the chain is whole. */
export interface AuditVerdict {
  readonly ok: boolean;
  /** How many entries were looked at, up to the first that is wrong. */
  readonly entries: number;
  readonly broken_at: number | null;
  readonly detail: string | null;
}

/**
 * Follows the chain from the oldest entry that is kept. `written` is the last entry this process knows to have been
 * written: an end that was cut off cannot be seen from the chain alone.
 */
export async function verifyAudit(home: string, written: ChainEnd | undefined): Promise<AuditVerdict> {
  let last: ChainEnd | undefined;
  let entries = 0;
  const broken = (broken_at: number, detail: string) => ({ ok: false, entries, broken_at, detail });
  let sawWritten = written === undefined;
  for (const text of await readAuditFiles(home)) {
    for (const line of linesOf(text)) {
      const entry = parseEntry(line);
      const expected = (last?.seq ?? 0) + 1;
      if (!entry) return broken(expected, 'a line is no entry');
      const fault = faultOf(entry, last);
      if (fault) return broken(entry.seq, fault);
      last = entry;
      entries += 1;
      if (entry.hash === written?.hash) sawWritten = true;
    }
  }
  if (!sawWritten) return broken((last?.seq ?? 0) + 1, 'entries that were written are missing at the end');
  return { ok: true, entries, broken_at: null, detail: null };
}

/** The last line may be one that is being written. */
function linesOf(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

function faultOf(entry: AuditEntry, last: ChainEnd | undefined): string | undefined {
  if (hashOf(entry) !== entry.hash) return 'the entry was changed: its hash does not fit';
  // Older files may have gone, so the first that is kept may be any, unless it says that it is the first of all.
  const before = last ?? (entry.seq === 1 ? CHAIN_START : { seq: entry.seq - 1, hash: entry.prev });
  if (entry.seq !== before.seq + 1) return `entry ${before.seq + 1} is missing`;
  if (entry.prev !== before.hash) return 'the entry does not follow the one before: its prev does not fit';
  return undefined;
}
