import {
  type ActiveWork,
  type ChannelStatus,
  type DrainObservation,
  formatIsoDateTime,
  type GatewayExit,
  type GatewayState,
  type LifecycleState,
  MAX_ACTIVE_WORK,
  type SharedTurns,
} from '@hermes/drain-contract';
import type { Work } from '../gate/gate.ts';

/** The values that stay constant for the life of the process. */
export interface GatewayIdentity {
  readonly pid: number;
  readonly epoch: string;
  /** Clock ticks since boot, if the system reports them. */
  readonly startTime?: number | undefined;
  readonly version: string;
  /** Unix ms. */
  readonly startedAt: number;
  /** Seconds. */
  readonly restartDrainTimeout: number;
  /** Maximum seconds of a shutdown. */
  readonly stopTimeout: number;
  /** Maximum seconds of a turn. */
  readonly turnTimeout: number;
  /** Seconds of silence after which a turn counts as stalled. */
  readonly stallAfter: number;
  /** The `desired_state` that was in the state file when the process started; it stays there. */
  readonly desiredState?: string | undefined;
}

/** The values that change. */
export interface GatewayReadings {
  readonly state: LifecycleState;
  readonly active: number;
  /** The turns in flight, the oldest first. */
  readonly inFlight: Iterable<Work>;
  readonly drain: DrainObservation | null;
  readonly endpoint: string | null;
  readonly exit: GatewayExit | null;
  /** Turns that have not started. */
  readonly queued: number;
  /** Messages refused since the drain began. */
  readonly refused: number;
  /** The gateways that share the turns of this one. */
  readonly shared?: SharedTurns | undefined;
  /** The channels that it is configured for. */
  readonly channels: readonly ChannelStatus[];
  /** The problem that delays the start. */
  readonly startProblem?: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** The content of the state file. */
export function composeState(identity: GatewayIdentity, readings: GatewayReadings): GatewayState {
  return {
    gateway_state: readings.state,
    active_agents: readings.active,
    active_work: Iterator.from(readings.inFlight)
      .take(MAX_ACTIVE_WORK)
      .map((work) => describeWork(work, readings.now - identity.stallAfter * 1_000))
      .toArray(),
    drain: readings.drain,
    pid: identity.pid,
    epoch: identity.epoch,
    endpoint: readings.endpoint,
    started_at: formatIsoDateTime(identity.startedAt),
    updated_at: formatIsoDateTime(readings.now),
    restart_drain_timeout: identity.restartDrainTimeout,
    exit: readings.exit,
    version: identity.version,
    queued_turns: readings.queued,
    stop_timeout: identity.stopTimeout,
    turn_timeout: identity.turnTimeout,
    ...(identity.startTime === undefined ? {} : { start_time: identity.startTime }),
    refused_turns: readings.drain === null ? 0 : readings.refused,
    ...(readings.shared === undefined ? {} : { shared_turns: readings.shared }),
    ...(readings.channels.length === 0 ? {} : { channels: [...readings.channels] }),
    ...(readings.startProblem === undefined ? {} : { start_problem: readings.startProblem }),
    ...(identity.desiredState === undefined ? {} : { desired_state: identity.desiredState }),
  };
}

/** @param stalledSince Unix ms: a turn without progress since then is stalled. */
function describeWork(work: Work, stalledSince: number): ActiveWork {
  return {
    id: work.id,
    kind: work.kind,
    session: work.session,
    started_at: formatIsoDateTime(work.startedAt),
    last_progress_at: formatIsoDateTime(work.lastProgressAt),
    stalled: work.lastProgressAt < stalledSince,
  };
}
