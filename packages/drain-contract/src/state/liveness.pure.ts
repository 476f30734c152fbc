import { parseIsoDateTime } from '../time.ts';
import type { GatewayStateView } from './schema.pure.ts';

/** A gateway writes its state at least this often, in ms. */
export const HEARTBEAT_INTERVAL_MS = 10_000;

/** A gateway that has not written for this long is not live, in ms. */
export const HEARTBEAT_TIMEOUT_MS = 30_000;

/**
 * A state older than this proves nothing about the turns in flight, in ms: its gateway has missed a heartbeat, so it
 * could not publish what has happened since. The margin covers the write itself and clocks that differ.
 */
export const SAFE_STATE_TIMEOUT_MS = HEARTBEAT_INTERVAL_MS + 3_000;

/** `degraded` is a state of the reference system. */
const ALIVE_STATES: ReadonlySet<string | null> = new Set(['starting', 'running', 'draining', 'degraded', 'stopping']);

/** Whether the writer of `state` says that it is still there. */
export function claimsToLive(state: GatewayStateView | undefined): state is GatewayStateView {
  return state !== undefined && ALIVE_STATES.has(state.gateway_state);
}

const ENDED_STATES: ReadonlySet<string | null> = new Set(['stopped', 'startup_failed']);

/** Whether the writer of `state` says that it has ended. */
export function hasEnded(state: GatewayStateView | undefined): boolean {
  return state !== undefined && ENDED_STATES.has(state.gateway_state);
}

/**
 * Whether the writer of `state` is still there: it claims to be, and its heartbeat is fresh at `now` (Unix ms).
 * A heartbeat from the future counts only within the same bound, so that a wrong clock cannot keep a dead gateway alive.
 */
export function isGatewayLive(state: GatewayStateView | undefined, now: number): boolean {
  if (!claimsToLive(state)) return false;
  return ageOf(state, now) < HEARTBEAT_TIMEOUT_MS;
}

/** How far the heartbeat of `state` is from `now`, in either direction, in ms; NaN when it has none. */
export function ageOf(state: GatewayStateView, now: number): number {
  return Math.abs(now - (parseIsoDateTime(state.updated_at) ?? Number.NaN));
}
