import { decodeProfile } from './decode.ts';
import type { Profile } from './profile.ts';

/** The time of the tests. */
export const NOW = Date.parse('2026-11-21T14:00:00Z');

/** A profile as the server would tell it: a gateway that runs and has nothing to do, but for `changes`. */
export function profileWith(changes: Readonly<Record<string, unknown>> = {}): Profile {
  const view = { name: 'default', gateway_state: 'running', gateway_running: true, active_agents: 0, ...changes };
  const profile = decodeProfile(view);
  if (profile === null) throw new Error('a profile has a name');
  return profile;
}

/** A turn that began so many seconds ago. */
export function turnFrom(startedAgo: number, progressAgo: number, stalled = false) {
  const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
  return {
    id: `turn-${startedAgo}`,
    kind: 'external',
    session: 'anna',
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
