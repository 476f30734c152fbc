import type { ProfileView } from '@hermes/dashboard-client';
import type { Profile } from './profile.ts';
import { profileOf } from './profile-of.ts';

/** The time of the tests. */
export const NOW = Date.parse('2026-11-21T14:00:00Z');

const REQUEST = {
  identity: null,
  principal: null,
  reason: null,
  requested_at: null,
  request_id: null,
  suppress_notification: false,
  expires_at: null,
  expired_at: null,
  refuse_after: null,
  verdict: { active: true, reason: 'current' },
};
const ANSWER = {
  request_id: null,
  principal: null,
  reason: null,
  requested_at: null,
  observed_at: '2026-11-21T13:59:00Z',
  drained_at: null,
};
const RESTART = { state: 'stopping', since: '2026-11-21T14:00:00Z', error: null } as const;
const TURN = { kind: 'external', session: 'anna', stalled: false };
const SLOT = { ready: false, seconds: 0, pid: null, exit_code: null, signal: null };

/** A view with some of its fields, and of its parts with some of theirs. */
export type PartialView = Partial<Omit<ProfileView, 'request' | 'drain' | 'slot' | 'restart'>> & {
  readonly request?: Partial<NonNullable<ProfileView['request']>> | null;
  readonly drain?: Partial<NonNullable<ProfileView['drain']>> | null;
  readonly slot?: (Partial<NonNullable<ProfileView['slot']>> & Pick<NonNullable<ProfileView['slot']>, 'state'>) | null;
  readonly restart?: Partial<NonNullable<ProfileView['restart']>> | null;
};

/** A gateway that runs and has nothing to do, but for `changes`. */
export function viewWith({
  request = null,
  drain = null,
  slot = null,
  restart = null,
  ...changes
}: PartialView = {}): ProfileView {
  return {
    name: 'default',
    gateway_state: 'running',
    gateway_running: true,
    gateway_busy: false,
    gateway_drainable: true,
    liveness: 'live',
    pid: 4711,
    active_agents: 0,
    last_active_agents: 0,
    problem: null,
    active_work: [],
    stalled: false,
    started_at: null,
    heartbeat_at: null,
    version: null,
    endpoint: null,
    restart_drain_timeout: null,
    desired_state: null,
    draining: false,
    safe_to_stop: false,
    queued_turns: null,
    shared_turns: null,
    channels: [],
    refused_turns: null,
    ...changes,
    request: request && { ...REQUEST, ...request },
    drain: drain && { ...ANSWER, ...drain },
    slot: slot && { ...SLOT, ...slot },
    restart: restart && { ...RESTART, ...restart },
  };
}

/** The same as the page has it. */
export function profileWith(changes?: PartialView): Profile {
  return profileOf(viewWith(changes));
}

/** A turn that began so many seconds ago. */
export function turnFrom(startedAgo: number, progressAgo: number, stalled = false) {
  const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
  return {
    ...TURN,
    id: `turn-${startedAgo}`,
    started_at: ago(startedAgo),
    last_progress_at: ago(progressAgo),
    stalled,
  };
}

/** What a view of a profile holds when its gateway has answered a drain. */
export const DRAINING = {
  gateway_state: 'draining',
  draining: true,
  request: { request_id: 'r1', verdict: { active: true, reason: 'current' } },
  drain: { request_id: 'r1' },
} as const;
