import type { DashboardApi } from '../api/dashboard-api.ts';
import { Unreachable } from '../errors.ts';
import { isAbsence, mayRecover } from './absence.ts';
import { isInForce, type Judgement, judge, type OwnTurn, type Sighting } from './judge.ts';
import { sightings } from './look.ts';

export interface WaitOptions {
  /** The drain that is waited for; `null` when it has no id; `undefined` for the one that is in force at first. */
  readonly requestId: string | null | undefined;
  /** In ms from now; `undefined` for none. */
  readonly deadline: number | undefined;
  /** How long the dashboard may be unreachable, in ms; the deadline takes precedence. */
  readonly retryFor: number;
  /** Whether to stop when only stalled turns are left, or the gateway is silent but may recover. */
  readonly failOnStalled: boolean;
  readonly own?: OwnTurn | undefined;
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal;
}

/** What a wait knows beside a sighting. */
export interface Progress {
  readonly judgement?: Judgement;
  /** Unix ms. */
  readonly deadlineAt?: number | undefined;
}

/** Observes the progress of a wait. */
export interface WaitObserver {
  /** The current observation. */
  progress(sighting: Sighting, progress: Progress): void;
  /** The dashboard is temporarily unreachable. */
  lost(error: Error): void;
}

/** The result of a wait. */
export interface WaitEnd {
  readonly judgement: Exclude<Judgement, 'waiting'> | 'deadline' | 'not-draining';
  /** Whether the deadline ended it. */
  readonly deadlinePassed?: boolean;
  readonly last: Sighting;
  readonly requestId: string | null;
}

class DeadlinePassed extends Error {}

/** A supervisor starts a gateway again, and a gateway that was suspended publishes its state, within this time, in ms. */
const ABSENCE_GRACE_MS = 15_000;

/** A deadline shorter than this, in ms, counts only once the dashboard has answered: what happens at its end depends on the answer. */
const FIRST_ANSWER_MS = 10_000;

/**
 * Waits until the drain has ended in any way. @throws Unreachable, also when the deadline passes while the
 * dashboard is out of reach; Refused; the reason of `signal`.
 */
export async function waitUntilDrained(
  api: DashboardApi,
  options: WaitOptions,
  observer: WaitObserver,
): Promise<WaitEnd> {
  const deadline = startDeadline(options.deadline);
  let lost: Error | undefined;
  let seen: Omit<WaitEnd, 'judgement'> | undefined;
  let absentSince: number | undefined;
  const look = {
    signal: AbortSignal.any([options.signal, deadline.signal]),
    retryFor: deadline.at === undefined ? options.retryFor : Number.POSITIVE_INFINITY,
    onLost: (error: Error) => {
      lost = error;
      deadline.firstAnswer();
      observer.lost(error);
    },
  };
  try {
    for await (const last of sightings(api, look)) {
      lost = undefined;
      const requestId = seen ? seen.requestId : firstRequest(last, options.requestId);
      if (requestId === undefined && last.drain.verdict.reason === 'unavailable') continue;
      if (requestId === undefined) return { judgement: 'not-draining', last, requestId: null };
      seen = { last, requestId };
      const judgement = judge(last, requestId, options.own);
      observer.progress(last, { judgement, deadlineAt: deadline.at });
      absentSince = isAbsence(judgement) ? (absentSince ?? performance.now()) : undefined;
      const isGrace = absentSince !== undefined && performance.now() - absentSince < ABSENCE_GRACE_MS;
      if (!isGrace && isEnd(judgement, options)) return { judgement, ...seen };
      deadline.firstAnswer();
    }
    throw new Error('expected sightings without an end');
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    if (!seen || lost) throw lost ?? new Unreachable(api.url, 'no answer before the deadline');
    const judgement = judge(seen.last, seen.requestId, options.own);
    return { judgement: isAbsence(judgement) ? judgement : 'deadline', deadlinePassed: true, ...seen };
  } finally {
    deadline.clear();
  }
}

function isEnd(judgement: Judgement, { failOnStalled }: WaitOptions): judgement is Exclude<Judgement, 'waiting'> {
  if (judgement === 'stalled' || (isAbsence(judgement) && mayRecover(judgement))) return failOnStalled;
  return judgement !== 'waiting';
}

function firstRequest({ drain }: Sighting, wanted: string | null | undefined): string | null | undefined {
  if (wanted !== undefined) return wanted;
  return isInForce(drain) ? drain.request_id : undefined;
}

/** Passes after `ms`; without a first answer, be it an error, not before {@link FIRST_ANSWER_MS}. */
function startDeadline(ms: number | undefined) {
  const controller = new AbortController();
  const started = performance.now();
  const startTimer = (after: number) => setTimeout(() => controller.abort(new DeadlinePassed()), after);
  let timer = ms === undefined ? undefined : startTimer(Math.max(ms, FIRST_ANSWER_MS));
  return {
    signal: controller.signal,
    /** Unix ms. */
    at: ms === undefined ? undefined : Date.now() + ms,
    firstAnswer: () => {
      if (ms === undefined) return;
      clearTimeout(timer);
      timer = startTimer(Math.max(0, ms - (performance.now() - started)));
    },
    clear: () => clearTimeout(timer),
  };
}
