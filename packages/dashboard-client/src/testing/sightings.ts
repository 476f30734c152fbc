import type { DrainView, StatusView, Turn } from '../api/views.ts';
import type { Sighting } from '../wait/judge.ts';

/** When every sighting is made, unless it says otherwise. */
export const NOON = Date.parse('2026-05-04T12:00:00Z');

const ago = (seconds: number) => new Date(NOON - seconds * 1000).toISOString();

/** A turn that began 4 minutes ago and was last heard of 6 seconds ago. */
export function turn(session: string, changes: Partial<Turn> = {}): Turn {
  const times = { started_at: ago(240), last_progress_at: ago(6) };
  return { id: `turn-of-${session}`, kind: 'external', session, stalled: false, ...times, ...changes };
}

export interface SightingChanges {
  readonly drain?: Partial<DrainView>;
  readonly status?: Partial<StatusView>;
  readonly turns?: readonly Turn[];
}

const LIVE: Omit<DrainView['gateway'], 'gateway_state' | 'gateway_running' | 'active_agents' | 'drain'> = {
  liveness: 'live',
  pid: 123,
  heartbeat_at: ago(3),
  last_active_agents: 1,
  shared_turns: null,
  channels: [],
  problem: null,
};

/** A gateway that drains for the request `ours` with one turn left. */
export function sighting({ drain = {}, status = {}, turns = [turn('anna')] }: SightingChanges): Sighting {
  const gateway = { gateway_state: 'draining', gateway_running: true, active_agents: turns.length, ...LIVE };
  const view: DrainView = {
    profile: 'default',
    request_id: 'ours',
    requested_at: ago(60),
    principal: 'dashboard',
    reason: null,
    suppress_notification: false,
    expires_at: ago(-3540),
    expired_at: null,
    refuse_after: null,
    verdict: { active: true, reason: 'current', code: null },
    gateway: { ...gateway, drain: null },
    safe_to_stop: false,
    ...drain,
  };
  return {
    at: NOON,
    drain: view,
    status: {
      profile: 'default',
      ...gateway,
      gateway_busy: false,
      gateway_drainable: false,
      restart_drain_timeout: 30,
      drain: null,
      active_work: [...turns],
      safe_to_stop: view.safe_to_stop,
      ...status,
    },
  };
}
