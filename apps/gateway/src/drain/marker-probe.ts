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

/** A file that was written less than this before it was read may change again without a new time stamp, in ms. */
const RACY_WINDOW_MS = 50;

/**
 * How long an active verdict stays valid after the last successful read, in ms. The expiry in the last read says
 * nothing, because the drain may have been refreshed since. No marker asks for a longer time without a refresh.
 */
const MAX_STANDING_MS = MAX_AGE_SECONDS.max * 1_000;

/**
 * Reads the marker as often as needed: while the file is unchanged, a read costs one `lstat`. While reads fail, the
 * last verdict stays in force, and the next read does not depend on the failed one. Emits, before `look` returns,
 * `change` when the verdict differs from the previous one, and `problem` when reads begin to fail or work again: with
 * the problem as text for people, or `undefined`.
 */
export class MarkerProbe extends EventEmitter<{ change: [DrainVerdict]; problem: [string | undefined] }> {
  readonly path: string;
  readonly #epoch: string;
  #identity: BigIntStats | undefined;
  /** The result of the last successful read. */
  #marker: ParsedMarker = { kind: 'absent' };
  /** Time of that read by the monotonic clock, in ms. */
  #lastSuccess = performance.now();
  /** Whether the last read succeeded and found no marker. */
  #isKnownAbsent = false;
  #problem: string | undefined;
  #verdict: DrainVerdict = { active: false, reason: 'absent' };
  #drain: string | null = null;

  constructor(home: string, epoch: string) {
    super();
    this.path = drainRequestPath({ home });
    this.#epoch = epoch;
  }

  /** The identity of the drain of the last verdict; `null` outside a drain. */
  get drain(): string | null {
    return this.#drain;
  }

  /** Sets the drain of the previous process as the one before the first read. */
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
    this.#emitProblem(problem);
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
    // Not the mtime, which any process can set to an old time.
    const isSettled = now - Number(stat.ctimeMs) > RACY_WINDOW_MS;
    this.#identity = isSettled && 'mtimeMs' in marker ? stat : undefined;
    return marker.kind === 'absent' ? this.#confirmAbsent() : marker;
  }

  /**
   * If the home does not exist, a missing marker does not mean that the drain was cancelled. Checked only if the marker
   * was not known to be absent before: the `stat` costs as much as the read itself, and without a home no drain can
   * begin.
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

  #emitProblem(problem: string | undefined): void {
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

/** Needs no descriptor and no permission on the file: a failure means that the path to the marker is not accessible. */
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

/**
 * Whether the file cannot have changed between the two: replaced files differ in inode, rewritten ones in a time stamp.
 */
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
