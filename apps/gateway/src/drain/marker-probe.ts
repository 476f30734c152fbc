import { EventEmitter } from 'node:events';
import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type DrainVerdict,
  drainIdentity,
  drainRequestPath,
  judgeMarker,
  MAX_AGE_SECONDS,
  type ParsedMarker,
  parseMarker,
  readSmallFile,
} from '@hermes/drain-contract';

/** A file written less than this before it was read may change again without a new time, in ms. */
const RACY_WINDOW_MS = 50;

/**
 * How long an active verdict outlives its last successful look, in ms: its holder may have refreshed it since, so its
 * expiry says nothing. No marker asks for more than this without a refresh.
 */
const MAX_STANDING_MS = MAX_AGE_SECONDS.max * 1_000;

/**
 * Looks at the marker as often as anybody likes: a look costs one `lstat` while the file is unchanged. While a look
 * fails, the last verdict stands, and nothing of the failure is kept for the next look.
 * Emits, before the look returns, `change` when the verdict is another than at the look before, and `problem` when it
 * becomes or ceases to be impossible to look: with what is wrong, for people, or `undefined`.
 */
export class MarkerProbe extends EventEmitter<{ change: [DrainVerdict]; problem: [string | undefined] }> {
  readonly path: string;
  readonly #epoch: string;
  #identity: BigIntStats | undefined;
  /** What the last look that succeeded has found. */
  #marker: ParsedMarker = { kind: 'absent' };
  /** By the monotonic clock, in ms. */
  #lastSuccess = performance.now();
  /** Whether the last look succeeded and found nothing. */
  #isKnownAbsent = false;
  #problem: string | undefined;
  #verdict: DrainVerdict = { active: false, reason: 'absent' };
  #drain: string | null = null;

  constructor(home: string, epoch: string) {
    super();
    this.path = drainRequestPath({ home });
    this.#epoch = epoch;
  }

  /** Which drain the last verdict is about; `null` outside a drain. */
  get drain(): string | null {
    return this.#drain;
  }

  /** Takes the drain that the process before was in for the one before the first look. */
  resume(drain: string | null): void {
    this.#drain = drain;
  }

  /** The verdict as of now. Synchronous, never throws. */
  look(): DrainVerdict {
    const now = Date.now();
    const found = this.#find(now);
    this.#isKnownAbsent = found.kind === 'absent';
    const problem = found.kind === 'unavailable' ? describeFailure(found.code) : undefined;
    if (problem === undefined) {
      this.#marker = found;
      this.#lastSuccess = performance.now();
    }
    const before = this.#verdict;
    const isStanding =
      problem !== undefined && before.active && performance.now() - this.#lastSuccess < MAX_STANDING_MS;
    this.#verdict = isStanding ? before : judgeMarker(this.#marker, this.#epoch, now);
    this.#drain = drainIdentity(this.#drain, this.#verdict);
    this.#tellProblem(problem);
    if (!sameVerdict(before, this.#verdict)) this.emit('change', this.#verdict);
    return this.#verdict;
  }

  #find(now: number): ParsedMarker {
    const stat = statMarker(this.path);
    if ('kind' in stat) {
      this.#identity = undefined;
      return stat.kind === 'absent' ? this.#confirmAbsent() : stat;
    }
    if (sameFile(this.#identity, stat)) return this.#marker;
    const marker = parseMarker(readSmallFile(this.path));
    // Not the mtime, which anybody may set to an old one.
    const isSettled = now - Number(stat.ctimeMs) > RACY_WINDOW_MS;
    this.#identity = isSettled && 'mtimeMs' in marker ? stat : undefined;
    return marker.kind === 'absent' ? this.#confirmAbsent() : marker;
  }

  /**
   * A marker cannot have been cancelled in a home that is gone. Only when it was not known to be absent before: the
   * `stat` costs as much as the look itself, and without a home no drain can be begun.
   */
  #confirmAbsent(): ParsedMarker {
    if (this.#isKnownAbsent) return { kind: 'absent' };
    try {
      if (statSync(dirname(this.path)).isDirectory()) return { kind: 'absent' };
      return { kind: 'unavailable', code: 'ENOTDIR' };
    } catch (error) {
      return { kind: 'unavailable', code: codeOf(error) };
    }
  }

  #tellProblem(problem: string | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.emit('problem', problem);
  }
}

function describeFailure(code: string): string {
  return code === 'ENOENT'
    ? 'the home directory does not exist, so the drain marker cannot be read (ENOENT)'
    : `the drain marker cannot be read (${code})`;
}

/** It needs no descriptor and nothing of the file: when it fails, the way to the marker is barred. */
function statMarker(path: string): BigIntStats | Extract<ParsedMarker, { kind: 'absent' | 'unavailable' }> {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? { kind: 'absent' };
  } catch (error) {
    return { kind: 'unavailable', code: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}

/** Whether nothing can have been written between the two: replaced files differ in inode, rewritten ones in a time. */
function sameFile(a: BigIntStats | undefined, b: BigIntStats): boolean {
  if (a === undefined) return false;
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

function sameVerdict(a: DrainVerdict, b: DrainVerdict): boolean {
  return a.reason === b.reason && errnoOf(a) === errnoOf(b) && isDeepStrictEqual(a.request, b.request);
}

function errnoOf(verdict: DrainVerdict): string | undefined {
  return verdict.active ? undefined : verdict.code;
}
