import {
  type ChannelStatus,
  type DrainObservation,
  type DrainVerdict,
  formatIsoDateTime,
  type GatewayObservation,
  type GatewayStateView,
  type Liveness,
  MAX_AGE_SECONDS,
  parseIsoDateTime,
  type SharedTurns,
} from '@hermes/drain-contract';
import type { ProfileStatus } from './read.ts';
import type { StatusView } from './schemas.ts';

/** The gateway fields of every view. */
export interface GatewayView {
  readonly gateway_state: string | null;
  readonly gateway_running: boolean;
  /** `null` when a live gateway does not report it: a reader must not treat it as zero. */
  readonly active_agents: number | null;
  readonly liveness: Liveness;
  readonly pid: number | null;
  readonly heartbeat_at: string | null;
  readonly last_active_agents: number | null;
  /** The gateways that share the turns of a live one. */
  readonly shared_turns: SharedTurns | null;
  /** The channels of a live one. */
  readonly channels: ChannelStatus[];
  readonly problem: string | null;
}

/** The current gateway, not the last content of its file: a gateway that is not live runs no turns, whatever it last reported. */
export function gatewayView({ state, live, liveness }: GatewayObservation): GatewayView {
  const last = {
    liveness,
    pid: state?.pid ?? null,
    heartbeat_at: dateTime(state?.updated_at),
    last_active_agents: state?.active_agents ?? null,
    shared_turns: live ? (state?.shared_turns ?? null) : null,
    channels: live ? (state?.channels ?? []) : [],
    problem: state === undefined ? null : problemOf(state, live),
  };
  if (!state) return { gateway_state: null, gateway_running: false, active_agents: 0, ...last };
  const { gateway_state, active_agents } = state;
  if (live) return { gateway_state, gateway_running: true, active_agents, ...last };
  const ended = gateway_state === 'startup_failed' ? 'startup_failed' : 'stopped';
  return { gateway_state: ended, gateway_running: false, active_agents: 0, ...last };
}

/** Why it has not started yet, or does not run any more, as it reported: an ordinary stop has no reason that matters. */
function problemOf({ gateway_state, exit, start_problem }: GatewayStateView, live: boolean): string | null {
  if (live) return start_problem;
  const isFailure = gateway_state === 'startup_failed' || (exit?.code ?? 0) !== 0;
  return isFailure ? (exit?.reason ?? start_problem) : null;
}

/** When the drain expired that the verdict is about; `null` when it has not, or its marker has no date. */
export function expiredAt({ reason, request }: DrainVerdict): string | null {
  const requestedAt = reason === 'expired' ? parseIsoDateTime(request?.requested_at) : undefined;
  if (requestedAt === undefined) return null;
  return formatIsoDateTime(requestedAt + (request?.max_age_seconds ?? MAX_AGE_SECONDS.default) * 1000);
}

/** A time in the format of every view; `null` if the file has no valid one. */
export function dateTime(text: string | null | undefined): string | null {
  const time = parseIsoDateTime(text);
  return time === undefined ? null : formatIsoDateTime(time);
}

/** The drain as the gateway reports it. */
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
