import { getHeapStatistics } from 'node:v8';

const MIB = 1_048_576;

/** What an open turn takes at most in memory beside its text and its reply: ids, places in maps, who waits for it. */
const TURN_BYTES = 2_048;

/** What accepted turns may take. Bytes are those of UTF-8; a string takes up to twice as many in memory. */
export interface Limits {
  /** Turns that have not ended. */
  readonly open: number;
  /** Of them, behind one running turn. */
  readonly perSession: number;
  /** Texts of turns that wait, which are on the disk alone. */
  readonly backlogBytes: number;
  /** Texts and replies of turns that run or are being stored, for one more to come in or to start. */
  readonly intakeBytes: number;
  /** The same with which a reply that grows is cut off. The difference is room for replies. */
  readonly workingBytes: number;
  /** One reply. */
  readonly replyBytes: number;
}

/**
 * The limits for a heap of this size. At the end of a turn its reply is in memory several times, on its way to the
 * journal and to clients, so texts and replies get a quarter of it and open turns an eighth.
 */
export function limitsFor(heapBytes: number): Limits {
  return {
    open: Math.min(50_000, Math.floor(heapBytes / 8 / TURN_BYTES)),
    perSession: 1_000,
    backlogBytes: 256 * MIB,
    intakeBytes: heapBytes / 8,
    workingBytes: heapBytes / 4,
    replyBytes: 16 * MIB,
  };
}

export const LIMITS = limitsFor(getHeapStatistics().heap_size_limit);
