import {
  type AuditEntry,
  auditEntrySchema,
  auditPaths,
  type ChainEnd,
  type ChainFault,
  faultOf,
  inSlices,
  linesFromEnd,
  oldestOf,
  parseEntry,
  readAuditFile,
  readAuditFiles,
} from '@hermes/drain-audit';

export interface AuditQuery {
  readonly profile?: string | undefined;
  readonly limit: number;
}

/** The last entries, newest first. What is no entry is left out. @throws ContractError when a file cannot be read. */
export async function readAudit(home: string, { profile, limit }: AuditQuery): Promise<AuditEntry[]> {
  const step = inSlices();
  const entries: AuditEntry[] = [];
  // As it stands in each line that we have written: to parse all that are of other profiles takes much longer.
  const wanted = profile === undefined ? '' : `"profile":${JSON.stringify(profile)}`;
  for (const path of auditPaths(home).reverse()) {
    for (const line of linesFromEnd((await readAuditFile(path)) ?? '')) {
      if (entries.length >= limit) return entries;
      await step();
      const entry = line.includes(wanted) ? parseEntry(line) : undefined;
      if (entry && (profile === undefined || entry.profile === profile)) entries.push(auditEntrySchema.parse(entry));
    }
  }
  return entries;
}

/** Whether the chain is intact. */
export interface AuditVerdict {
  readonly ok: boolean;
  /** How many entries were looked at, up to the first that is wrong. */
  readonly entries: number;
  readonly broken_at: number | null;
  readonly detail: string | null;
  /** The first entry and the last that were looked at; `null` without any. */
  readonly first: number | null;
  readonly last: number | null;
  readonly last_hash: string | null;
}

/**
 * Follows the chain from the oldest entry that is kept. `written` is the last entry this process knows to have been
 * written: an end that was cut off cannot be seen from the chain alone.
 */
export async function verifyAudit(home: string, written: ChainEnd | undefined): Promise<AuditVerdict> {
  const step = inSlices();
  const seen = new Seen(written);
  for (const text of await readAuditFiles(home)) {
    for (const line of linesOf(text)) {
      await step();
      const fault = seen.take(parseEntry(line));
      if (fault) return seen.verdict(fault);
    }
  }
  return seen.verdict(seen.faultAtEnd(seen.last ? await oldestOf(home, seen.last) : 1));
}

/** The entries that have been looked at, in their order. */
class Seen {
  readonly #written: ChainEnd | undefined;
  #first: AuditEntry | undefined;
  #last: AuditEntry | undefined;
  #entries = 0;
  #sawWritten = false;
  #noticed: number | undefined;

  constructor(written: ChainEnd | undefined) {
    this.#written = written;
  }

  get last(): AuditEntry | undefined {
    return this.#last;
  }

  take(entry: AuditEntry | undefined): ChainFault | undefined {
    if (!entry) return { at: (this.#last?.seq ?? 0) + 1, detail: 'a line is no entry' };
    const fault = faultOf(entry, this.#last);
    if (fault) return fault;
    this.#first ??= entry;
    this.#last = entry;
    this.#entries += 1;
    this.#sawWritten ||= entry.hash === this.#written?.hash;
    this.#noticed ??= entry.broken_at;
    return undefined;
  }

  /** What is missing at the beginning or the end, of which `oldest` is the first that must be there. */
  faultAtEnd(oldest: number): ChainFault | undefined {
    const first = this.#first?.seq ?? 1;
    const last = this.#last?.seq ?? 0;
    if (first > oldest) {
      const removed = `entries ${oldest} to ${first - 1} were removed, and not by rotation`;
      return { at: oldest, detail: removed };
    }
    if (this.#noticed !== undefined) {
      return { at: this.#noticed, detail: 'a dashboard noticed that the entry had been removed or changed' };
    }
    const { seq = 0 } = this.#written ?? {};
    if (seq < first || this.#sawWritten) return undefined;
    return { at: Math.min(seq, last + 1), detail: 'entries that were written are missing at the end' };
  }

  verdict(fault: ChainFault | undefined): AuditVerdict {
    const first = this.#first?.seq ?? null;
    const rotated = first !== null && first > 1 ? `entries 1 to ${first - 1} were removed by rotation` : null;
    return {
      ok: fault === undefined,
      entries: this.#entries,
      broken_at: fault?.at ?? null,
      detail: fault?.detail ?? rotated,
      first,
      last: this.#last?.seq ?? null,
      last_hash: this.#last?.hash ?? null,
    };
  }
}

/** The last line may be one that is being written. */
function linesOf(text: string): string[] {
  return text.split('\n').slice(0, -1);
}
