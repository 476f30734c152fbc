import type { AuditRecord } from './entry.ts';

/** Between two entries of one kind: the first time, doubled each time after, and at most, in ms. */
const FIRST_INTERVAL_MS = 60_000;
const LONGEST_INTERVAL_MS = 3_600_000;

/** More than the kinds there can be: a principal is a credential. */
const MAX_KINDS = 1_000;

interface Kind {
  last: AuditRecord;
  count: number;
  intervalMs: number;
  timer: NodeJS.Timeout;
}

/**
 * Keeps a credential from filling the audit with refused requests: of those of one principal, action and status, the first
 * is written at once, later ones are counted, and the count is written at growing intervals.
 */
export class Refusals {
  readonly #kinds = new Map<string, Kind>();
  readonly #write: (record: AuditRecord) => void;
  readonly #firstIntervalMs: number;

  /** @param write - takes what stands for several requests. */
  constructor(write: (record: AuditRecord) => void, firstIntervalMs = FIRST_INTERVAL_MS) {
    this.#write = write;
    this.#firstIntervalMs = firstIntervalMs;
  }

  /** Whether the record is to be written now; otherwise it is counted. */
  isFirst(record: AuditRecord): boolean {
    const key = JSON.stringify([record.principal, record.action, record.status]);
    const kind = this.#kinds.get(key);
    if (kind) {
      kind.last = record;
      kind.count += 1;
      return false;
    }
    const [oldest] = this.#kinds.keys();
    if (this.#kinds.size >= MAX_KINDS && oldest !== undefined) this.#forget(oldest);
    const intervalMs = this.#firstIntervalMs;
    this.#kinds.set(key, { last: record, count: 0, intervalMs, timer: this.#timer(key, intervalMs) });
    return true;
  }

  /** Writes what has been counted. */
  flush(): void {
    for (const key of this.#kinds.keys()) this.#forget(key);
  }

  #tick(key: string): void {
    const kind = this.#kinds.get(key);
    if (!kind) return;
    const isQuiet = kind.count === 0;
    this.#tell(kind);
    if (isQuiet && kind.intervalMs >= LONGEST_INTERVAL_MS) {
      this.#forget(key);
      return;
    }
    kind.intervalMs = Math.min(2 * kind.intervalMs, LONGEST_INTERVAL_MS);
    kind.timer = this.#timer(key, kind.intervalMs);
  }

  #forget(key: string): void {
    const kind = this.#kinds.get(key);
    if (!kind) return;
    clearTimeout(kind.timer);
    this.#kinds.delete(key);
    this.#tell(kind);
  }

  #tell(kind: Kind): void {
    const { last, count } = kind;
    kind.count = 0;
    if (count > 0) this.#write(count === 1 ? last : { ...last, count });
  }

  #timer(key: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#tick(key), ms).unref();
  }
}
