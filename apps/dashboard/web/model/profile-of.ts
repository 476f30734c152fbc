import type { ProfileView } from '@hermes/dashboard-client';
import { visibleText } from '@hermes/drain-contract';
import type { ChannelHealth, DrainAnswer, DrainRequest, Profile, Restart, Slot, Turn } from './profile.ts';

/** The page's model of a profile: times as Unix ms, and texts without characters that hide or reorder other text. */
export function profileOf(view: ProfileView): Profile {
  return {
    name: view.name,
    state: text(view.gateway_state),
    isRunning: view.gateway_running,
    liveness: view.liveness,
    pid: view.pid,
    lastTurns: view.last_active_agents,
    problem: text(view.problem),
    turns: view.active_agents,
    work: view.active_work.map(turnOf),
    startedAt: time(view.started_at),
    heartbeatAt: time(view.heartbeat_at),
    version: text(view.version),
    endpoint: text(view.endpoint),
    graceSeconds: view.restart_drain_timeout,
    desiredState: view.desired_state,
    isDraining: view.draining,
    isSafe: view.safe_to_stop,
    queued: view.queued_turns,
    shared: view.shared_turns,
    channels: view.channels.map(channelOf),
    refused: view.refused_turns,
    request: view.request && requestOf(view.request),
    answer: view.drain && answerOf(view.drain),
    slot: view.slot && slotOf(view.slot),
    restart: view.restart && restartOf(view.restart),
  };
}

function turnOf(turn: ProfileView['active_work'][number]): Turn {
  return {
    id: visibleText(turn.id),
    kind: visibleText(turn.kind),
    session: visibleText(turn.session),
    startedAt: time(turn.started_at),
    lastProgressAt: time(turn.last_progress_at),
    isStalled: turn.stalled,
  };
}

function requestOf(request: NonNullable<ProfileView['request']>): DrainRequest {
  return {
    id: request.request_id,
    principal: text(request.principal),
    reason: text(request.reason),
    requestedAt: time(request.requested_at),
    expiresAt: time(request.expires_at),
    expiredAt: time(request.expired_at),
    refuseAfter: time(request.refuse_after),
    isQuiet: request.suppress_notification,
    isActive: request.verdict.active,
    verdict: request.verdict.reason,
  };
}

function answerOf(answer: NonNullable<ProfileView['drain']>): DrainAnswer {
  return {
    requestId: answer.request_id,
    observedAt: time(answer.observed_at),
    drainedAt: time(answer.drained_at),
  };
}

function channelOf({ name, state, since, problem, waiting, given_up }: ProfileView['channels'][number]): ChannelHealth {
  return {
    name: visibleText(name),
    state: visibleText(state),
    since: time(since),
    problem: text(problem),
    waiting,
    givenUp: given_up,
  };
}

function slotOf(slot: NonNullable<ProfileView['slot']>): Slot {
  return {
    state: slot.state,
    isReady: slot.ready,
    pid: slot.pid,
    exitCode: slot.exit_code,
    signal: slot.signal,
  };
}

function restartOf(restart: NonNullable<ProfileView['restart']>): Restart {
  return { state: restart.state, since: time(restart.since), error: text(restart.error) };
}

function text(value: string | null): string | null {
  return value === null ? null : visibleText(value);
}

/** An ISO 8601 time, which may be one that no calendar has. */
function time(value: string | null): number | null {
  const ms = Date.parse(value ?? '');
  return Number.isNaN(ms) ? null : ms;
}
