import type { DrainView, StatusView, Turn } from '../api/views.ts';
import { type Absence, absenceOf } from './absence.ts';

/** The drain of a profile and its gateway, as seen at `at` (Unix ms). */
export interface Sighting {
  readonly at: number;
  readonly drain: DrainView;
  readonly status: StatusView;
}

/** What an observation means to a client that waits for one drain request. */
export type Judgement =
  | 'drained'
  | 'drained-but-own'
  | 'waiting'
  | 'stalled'
  | 'self'
  | 'conflict'
  | 'cancelled'
  | 'expired'
  | 'void'
  | Absence;

/** The turn in which this very command runs, if an agent runs it. */
export interface OwnTurn {
  readonly id: string;
  /** Whether the others are enough: it is drained when this one alone is left. */
  readonly isExcepted: boolean;
}

/** @param requestId of the drain that is waited for; `null` when it has none. */
export function judge({ drain, status }: Sighting, requestId: string | null, own?: OwnTurn): Judgement {
  // The dashboard could not read the files: there is no known change.
  if (drain.verdict.reason === 'unavailable') return 'waiting';
  if (!isInForce(drain)) return ended(drain, requestId);
  // Without an id it is the drain that such a marker has been in force for since the first look, refreshed or not.
  if (drain.request_id !== requestId) return 'conflict';
  if (drain.safe_to_stop) return 'drained';
  const absence = absenceOf(status);
  if (absence !== undefined) return absence;
  if (own && isInFlight(status, own.id)) {
    if (!own.isExcepted) return 'self';
    const answers =
      status.gateway_state === 'draining' && (status.drain?.identity ?? status.drain?.request_id) === requestId;
    return answers && status.active_agents === 1 ? 'drained-but-own' : 'waiting';
  }
  return hasOnlyStalledTurns(status) ? 'stalled' : 'waiting';
}

/** Whether that turn is among those that are listed. */
export function isInFlight({ active_work }: StatusView, turnId: string): boolean {
  return active_work.some(({ id }) => id === turnId);
}

/** Whether a drain is in force, or announced. */
export function isInForce({ verdict }: DrainView): boolean {
  return verdict.active || verdict.reason === 'announced';
}

/** Turns beyond those that are listed may be making progress. */
export function hasOnlyStalledTurns({ active_agents, active_work }: StatusView): boolean {
  return active_work.length > 0 && active_work.length === active_agents && active_work.every((turn) => turn.stalled);
}

/** The turns in flight, the oldest first. */
export function oldestFirst(turns: readonly Turn[]): Turn[] {
  return [...turns].sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
}

function ended({ verdict, request_id }: DrainView, requestId: string | null): Judgement {
  if (verdict.reason === 'absent' || verdict.reason === 'unreadable') return 'cancelled';
  if (request_id !== requestId) return 'conflict';
  return verdict.reason === 'expired' ? 'expired' : 'void';
}
