import type { DrainView, StatusView, Turn } from '../http/views.ts';
import { tellDuration } from '../settings/duration.ts';
import { oldestFirst, type Sighting } from '../wait/judge.ts';
import { shorten } from './shorten.ts';

const MOST_NAMED = 5;

/** One turn: `anna (4 min, last progress 6 s ago)`. */
export function tellTurn({ session, started_at, last_progress_at, stalled }: Turn, now: number): string {
  const age = tellSince(started_at, now);
  const silence = tellSince(last_progress_at, now);
  const progress = stalled
    ? `stalled, silent for ${silence}`
    : `last progress ${silence}${silence === UNKNOWN ? '' : ' ago'}`;
  return `${shorten(session, 40)} (${age}, ${progress})`;
}

const UNKNOWN = 'unknown';

/** How long ago `iso` was. */
function tellSince(iso: string, now: number): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? UNKNOWN : tellDuration(now - ms);
}

/** `2 turns left: anna (4 min, …), ben (10 s, …)`; what nobody says is not called zero. */
export function tellTurns({ active_agents, active_work }: StatusView, now: number): string {
  if (active_agents === null) return 'turns left: the gateway does not say';
  if (active_agents === 0) return 'no turn in flight';
  const named = oldestFirst(active_work).slice(0, MOST_NAMED);
  const others = active_agents - named.length;
  const names = [...named.map((turn) => tellTurn(turn, now)), ...(others > 0 ? [`and ${others} more`] : [])];
  return `${active_agents} ${active_agents === 1 ? 'turn' : 'turns'} left: ${names.join(', ')}`;
}

/** What a profile is at, in a line. */
export function tellSighting({ at, drain, status }: Sighting): string {
  if (drain.verdict.reason === 'announced') return `${tellAnnounced(drain)}; ${tellTurnsIn(status, at)}`;
  if (!drain.verdict.active) return `${tellState(status)}, ${tellIdle(drain)}; ${tellTurnsIn(status, at)}`;
  if (drain.safe_to_stop) return 'drained, no turn in flight';
  if (!status.gateway_running) return `${tellState(status)}: nobody answers the drain`;
  if (status.gateway_state !== 'draining')
    return `${tellState(status)}, has yet to answer the drain; ${tellTurns(status, at)}`;
  return `draining, ${tellTurns(status, at)}`;
}

/** Who asked for the drain, when and why. */
export function tellRequest(drain: Pick<DrainView, 'request_id' | 'principal' | 'reason' | 'requested_at'>): string {
  const { request_id, principal, reason, requested_at } = drain;
  const why = reason ? `: ${shorten(reason, 200)}` : '';
  return `${shorten(request_id ?? 'without an id')} by ${shorten(principal ?? 'an unknown principal')}, ${tellTime(requested_at)}${why}`;
}

/** A time of day here, with the date when it is another day. */
export function tellTime(iso: string | null, now = Date.now()): string {
  const ms = Date.parse(iso ?? '');
  if (Number.isNaN(ms)) return 'at a time unknown';
  const [date, time] = localTime(ms);
  return date === localTime(now)[0] ? time : `${date} ${time}`;
}

/** Date and time of day here. */
export function localTime(ms: number): [date: string, time: string] {
  const [date = '', time = ''] = new Date(ms).toLocaleString('sv-SE').split(' ');
  return [date, time];
}

function tellState({ gateway_state, gateway_running }: StatusView): string {
  return gateway_running || gateway_state
    ? `gateway ${shorten(gateway_state ?? 'running')}`
    : 'no gateway has run here yet';
}

function tellAnnounced({ refuse_after }: DrainView): string {
  return `drain announced: not ready, still taking messages${refuse_after ? ` until ${tellTime(refuse_after)}` : ''}`;
}

function tellIdle({ verdict }: DrainView): string {
  if (verdict.reason === 'unavailable') return 'whether a drain is in force cannot be told now';
  return verdict.reason === 'absent' ? 'no drain' : `no drain in force (${shorten(verdict.reason)})`;
}

function tellTurnsIn(status: StatusView, now: number): string {
  return tellTurns(status, now).replace(/^(\d+ turns?) left/, '$1 in flight');
}
