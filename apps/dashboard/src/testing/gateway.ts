import {
  currentInstantiationEpoch,
  type DrainObservation,
  formatIsoDateTime,
  type GatewayState,
  readDrainVerdict,
  writeGatewayState,
} from '@hermes/drain-contract';

/** The state of a gateway that runs in this process and has just written. */
export function gatewayState(
  changes: Partial<GatewayState> = {},
): Required<Omit<GatewayState, 'desired_state' | 'start_time' | 'start_problem' | 'shared_turns' | 'channels'>> {
  const now = formatIsoDateTime(Date.now());
  return {
    gateway_state: 'running',
    active_agents: 0,
    active_work: [],
    drain: null,
    pid: process.pid,
    epoch: currentInstantiationEpoch(),
    endpoint: null,
    started_at: now,
    updated_at: now,
    restart_drain_timeout: 30,
    exit: null,
    version: '0.0.0',
    queued_turns: 0,
    refused_turns: 0,
    stop_timeout: 51,
    turn_timeout: 600,
    start_time: 0,
    ...changes,
  };
}

/** Writes what a gateway writes that has noticed the marker of `home` and has `turns` left. */
export async function answerDrain(home: string, turns = 0, changes: Partial<GatewayState> = {}): Promise<void> {
  const epoch = changes.epoch ?? currentInstantiationEpoch();
  const { request } = readDrainVerdict({ home, epoch });
  const now = formatIsoDateTime(Date.now());
  const drain: DrainObservation = {
    request_id: request?.request_id ?? null,
    principal: request?.principal ?? null,
    reason: request?.reason ?? null,
    requested_at: request?.requested_at ?? null,
    observed_at: now,
    drained_at: turns === 0 ? now : null,
  };
  await writeGatewayState(gatewayState({ gateway_state: 'draining', active_agents: turns, drain, ...changes }), {
    home,
  });
}

/** A turn that a gateway is at. */
export function turnInFlight(id: string) {
  const now = formatIsoDateTime(Date.now());
  return { id, kind: 'external', session: 'session-1', started_at: now, last_progress_at: now, stalled: false };
}
