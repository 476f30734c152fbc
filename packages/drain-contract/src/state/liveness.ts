import { parseIsoDateTime } from '../time.ts';
import type { GatewayStateView } from './schema.ts';

/** A gateway writes its state at least this often, in ms. */
export const HEARTBEAT_INTERVAL_MS = 10_000;

/** A gateway that has not written for this long is not live, in ms. */
export const HEARTBEAT_TIMEOUT_MS = 30_000;

const ALIVE_STATES: ReadonlySet<string | null> = new Set(['starting', 'running', 'draining', 'stopping']);

/**
 * Whether the writer of `state` is still there: it claims to be, and its heartbeat is fresh at `now` (Unix ms).
 * A heartbeat from the future counts only within the same bound, so that a wrong clock cannot keep a dead gateway alive.
 */
export function isGatewayLive(state: GatewayStateView | undefined, now: number): boolean {
  if (state === undefined || !ALIVE_STATES.has(state.gateway_state)) return false;
  const heartbeat = parseIsoDateTime(state.updated_at) ?? Number.NaN;
  return Math.abs(now - heartbeat) < HEARTBEAT_TIMEOUT_MS;
}
