import { getHeapStatistics } from 'node:v8';

const MIB = 1_048_576;

/** Maximum memory of an open turn besides its text and its reply: ids, map entries, waiting clients. */
const TURN_BYTES = 2_048;

/** Limits of accepted turns. Bytes are those of UTF-8; a string takes up to twice as much memory. */
export interface Limits {
  /** Open turns. */
  readonly open: number;
  /** Queued turns of one session. */
  readonly perSession: number;
  /** Bytes of queued texts, which are on the disk only. */
  readonly backlogBytes: number;
  /** Bytes of texts and replies of running or unstored turns up to which another one may come in or start. */
  readonly intakeBytes: number;
  /** Bytes of the same above which a growing reply is cut off. The difference is reserved for replies. */
  readonly workingBytes: number;
  /** Bytes of one reply. */
  readonly replyBytes: number;
}

/**
 * The limits for a heap of this size. At the end of a turn, several copies of its reply are in memory, for the journal
 * and for clients. So texts and replies get a quarter of the heap, and open turns an eighth.
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
