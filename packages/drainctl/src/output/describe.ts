import {
  absenceOf,
  type DrainView,
  oldestFirst,
  type Sighting,
  type StatusView,
  type Turn,
} from '@hermes/dashboard-client';
import { formatDuration } from '../settings/duration.ts';
import { shorten } from './shorten.ts';

const MOST_NAMED = 5;

/** One turn: `anna (4 min, last progress 6 s ago)`. */
export function describeTurn({ session, started_at, last_progress_at, stalled }: Turn, now: number): string {
  const age = describeSince(started_at, now);
  const silence = describeSince(last_progress_at, now);
  const progress = stalled
    ? `stalled, silent for ${silence}`
    : `last progress ${silence}${silence === UNKNOWN ? '' : ' ago'}`;
  return `${shorten(session, 40)} (${age}, ${progress})`;
}

const UNKNOWN = 'unknown';

/** How long ago `iso` was. */
function describeSince(iso: string, now: number): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? UNKNOWN : formatDuration(now - ms);
}

/** `2 turns left: anna (4 min, …), ben (10 s, …)`; an unknown number is not called zero. */
export function describeTurns({ active_agents, active_work }: StatusView, now: number): string {
  if (active_agents === null) return 'turns left: unknown, the gateway does not report them';
  if (active_agents === 0) return 'no turn in flight';
  const named = oldestFirst(active_work).slice(0, MOST_NAMED);
  const others = active_agents - named.length;
  const names = [...named.map((turn) => describeTurn(turn, now)), ...(others > 0 ? [`and ${others} more`] : [])];
  return `${active_agents} ${active_agents === 1 ? 'turn' : 'turns'} left: ${names.join(', ')}`;
}

/** What a profile is at, in a line. */
export function describeSighting({ at, drain, status }: Sighting): string {
  const absence = describeAbsence(status, at);
  if (drain.verdict.reason === 'announced') return `${describeAnnounced(drain)}; ${describeTurnsIn(status, at)}`;
  if (!drain.verdict.active) {
    if (absence !== undefined) return `${absence}; ${describeIdle(drain)}`;
    return `${describeState(status)}, ${describeIdle(drain)}; ${describeTurnsIn(status, at)}`;
  }
  if (drain.safe_to_stop) return 'drained, no turn in flight';
  if (absence !== undefined) return `${absence}: it does not acknowledge the drain`;
  if (status.gateway_state !== 'draining')
    return `${describeState(status)}, has not acknowledged the drain yet; ${describeTurns(status, at)}`;
  return `draining, ${describeTurns(status, at)}`;
}

/** Who asked for the drain, when and why. */
export function describeRequest(
  drain: Pick<DrainView, 'request_id' | 'principal' | 'reason' | 'requested_at'>,
): string {
  const { request_id, principal, reason, requested_at } = drain;
  const why = reason ? `: ${shorten(reason, 200)}` : '';
  return `${shorten(request_id ?? 'without an id')} by ${shorten(principal ?? 'an unknown principal')}, ${formatTime(requested_at)}${why}`;
}

/** A time of day here, with the date when it is another day. */
export function formatTime(iso: string | null, now = Date.now()): string {
  const ms = Date.parse(iso ?? '');
  if (Number.isNaN(ms)) return 'at an unknown time';
  const [date, time] = localTime(ms);
  return date === localTime(now)[0] ? time : `${date} ${time}`;
}

/** Date and time of day here. */
export function localTime(ms: number): [date: string, time: string] {
  const [date = '', time = ''] = new Date(ms).toLocaleString('sv-SE').split(' ');
  return [date, time];
}

/** Why the gateway does not answer: `the gateway died after 23:19:26 with 1 turn in flight`; `undefined` when it is live. */
export function describeAbsence(status: StatusView, now: number): string | undefined {
  const { heartbeat_at = null, pid = null, last_active_agents = null } = status;
  switch (absenceOf(status)) {
    case undefined:
      return undefined;
    case 'stopped':
      return `${status.gateway_state === 'startup_failed' ? 'the gateway could not start' : 'the gateway is stopped'}${describeProblem(status)}`;
    case 'died':
      return `the gateway died after ${formatTime(heartbeat_at, now)} with ${describeNumber(last_active_agents)} in flight`;
    case 'frozen':
      return `no heartbeat for ${describeSince(heartbeat_at ?? '', now)}, process ${pid ?? UNKNOWN} is still there`;
    case 'silent':
      if (heartbeat_at === null)
        return status.gateway_state === null ? describeState(status) : 'the gateway is not running';
      return `no heartbeat for ${describeSince(heartbeat_at, now)}, and its process cannot be seen from the dashboard`;
  }
}

function describeNumber(turns: number | null): string {
  if (turns === null) return 'an unknown number of turns';
  return turns === 1 ? '1 turn' : `${turns === 0 ? 'no' : turns} turns`;
}

function describeState(status: StatusView): string {
  const { gateway_state, gateway_running } = status;
  return gateway_running || gateway_state
    ? `gateway ${shorten(gateway_state ?? 'running')}${describeProblem(status)}`
    : 'no gateway has been started here yet';
}

function describeProblem({ problem }: StatusView): string {
  return problem ? ` (${shorten(problem, 300)})` : '';
}

function describeAnnounced({ refuse_after }: DrainView): string {
  return `drain announced: not ready, still accepting messages${refuse_after ? ` until ${formatTime(refuse_after)}` : ''}`;
}

function describeIdle({ verdict, expired_at }: DrainView): string {
  if (verdict.reason === 'expired') return describeExpired(expired_at);
  if (verdict.reason === 'unavailable') return 'it is unknown whether a drain is in force';
  return verdict.reason === 'absent' ? 'no drain' : `no drain in force (${shorten(verdict.reason)})`;
}

/** After an expiry the gateway accepts messages again without a cancel. */
export function describeExpired(at: string | null | undefined): string {
  return at ? `the drain expired at ${formatTime(at)}` : 'the drain expired';
}

function describeTurnsIn(status: StatusView, now: number): string {
  return describeTurns(status, now).replace(/^(\d+ turns?) left/, '$1 in flight');
}
