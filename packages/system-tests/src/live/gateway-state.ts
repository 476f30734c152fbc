import { currentInstantiationEpoch, formatIsoDateTime, type GatewayState } from '@hermes/drain-contract';

/** The latest heartbeat that is believed, in ms from now: nobody writes another one. */
const HEARTBEAT_AHEAD_MS = 28_000;

/** What a gateway that rests publishes, as if this process were one. */
export function gatewayState(changes: Partial<GatewayState> = {}): GatewayState {
  const now = Date.now();
  return {
    gateway_state: 'running',
    active_agents: 0,
    active_work: [],
    drain: null,
    pid: process.pid,
    epoch: currentInstantiationEpoch(),
    endpoint: null,
    started_at: formatIsoDateTime(now),
    updated_at: formatIsoDateTime(now + HEARTBEAT_AHEAD_MS),
    restart_drain_timeout: 30,
    exit: null,
    version: '0.1.0',
    ...changes,
  };
}
