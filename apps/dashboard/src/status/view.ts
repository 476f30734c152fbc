import type { DrainObservation, GatewayObservation } from '@hermes/drain-contract';
import type { ProfileStatus } from './read.ts';
import type { StatusView } from './schemas.ts';

/** What every view tells about a gateway. */
export interface GatewayView {
  readonly gateway_state: string | null;
  readonly gateway_running: boolean;
  /** `null` when a live gateway does not say: no reader may take that for zero. */
  readonly active_agents: number | null;
}

/** The gateway as it is now, not as its file was left: a gateway that is not live runs no turns, whatever it last said. */
export function gatewayView({ state, live }: GatewayObservation): GatewayView {
  if (!state) return { gateway_state: null, gateway_running: false, active_agents: 0 };
  if (live) return { gateway_state: state.gateway_state, gateway_running: true, active_agents: state.active_agents };
  const gateway_state = state.gateway_state === 'startup_failed' ? 'startup_failed' : 'stopped';
  return { gateway_state, gateway_running: false, active_agents: 0 };
}

/** The drain that the gateway says it is in. */
export function drainAnswer({ state, live }: GatewayObservation): DrainObservation | null {
  return (live && state?.drain) || null;
}

/** The answer of `GET /api/status`. */
export function statusView({ profile, gateway, safeToStop }: ProfileStatus): StatusView {
  const { state, live } = gateway;
  const view = gatewayView(gateway);
  const running = view.gateway_running && view.gateway_state === 'running';
  return {
    profile,
    ...view,
    gateway_busy: running && view.active_agents !== 0,
    gateway_drainable: running,
    restart_drain_timeout: state?.restart_drain_timeout ?? null,
    drain: drainAnswer(gateway),
    active_work: live && state ? state.active_work : [],
    safe_to_stop: safeToStop,
  };
}
