import { EventEmitter } from 'node:events';
import { type BigIntStats, lstatSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  type DrainVerdict,
  drainRequestPath,
  judgeMarker,
  type ParsedMarker,
  parseMarker,
  readSmallFile,
} from '@hermes/drain-contract';

/** A file written less than this before it was read may change again without a new time, in ms. */
const RACY_WINDOW_MS = 50;

/**
 * Looks at the marker as often as anybody likes: a look costs one `lstat` while the file is unchanged.
 * Emits `change`, before the look returns, when the verdict is another than at the look before.
 */
export class MarkerProbe extends EventEmitter<{ change: [DrainVerdict] }> {
  readonly path: string;
  readonly #epoch: string;
  #identity: BigIntStats | undefined;
  #marker: ParsedMarker = { kind: 'absent' };
  #verdict: DrainVerdict = { active: false, reason: 'absent' };

  constructor(home: string, epoch: string) {
    super();
    this.path = drainRequestPath({ home });
    this.#epoch = epoch;
  }

  /** The verdict as of now. Synchronous, never throws. */
  look(): DrainVerdict {
    const now = Date.now();
    this.#refresh(now);
    const before = this.#verdict;
    this.#verdict = judgeMarker(this.#marker, this.#epoch, now);
    if (!sameVerdict(before, this.#verdict)) this.emit('change', this.#verdict);
    return this.#verdict;
  }

  #refresh(now: number): void {
    const stat = statMarker(this.path);
    if (stat === 'absent') {
      this.#identity = undefined;
      this.#marker = { kind: 'absent' };
    } else if (stat === 'unknown' || !sameFile(this.#identity, stat)) {
      this.#marker = parseMarker(readSmallFile(this.path));
      // Not the mtime, which anybody may set to an old one.
      const settled = stat !== 'unknown' && now - Number(stat.ctimeMs) > RACY_WINDOW_MS;
      this.#identity = settled ? stat : undefined;
    }
  }
}

function statMarker(path: string): BigIntStats | 'absent' | 'unknown' {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? 'absent';
  } catch {
    return 'unknown';
  }
}

/** Whether nothing can have been written between the two: replaced files differ in inode, rewritten ones in a time. */
function sameFile(a: BigIntStats | undefined, b: BigIntStats): boolean {
  if (a === undefined) return false;
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

function sameVerdict(a: DrainVerdict, b: DrainVerdict): boolean {
  return a.reason === b.reason && codeOf(a) === codeOf(b) && isDeepStrictEqual(a.request, b.request);
}

function codeOf(verdict: DrainVerdict): string | undefined {
  return verdict.active ? undefined : verdict.code;
}
