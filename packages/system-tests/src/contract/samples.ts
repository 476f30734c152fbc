import {
  formatIsoDateTime,
  type GatewayState,
  LIFECYCLE_STATES,
  MAX_ACTIVE_WORK,
  type WriteDrainRequestOptions,
} from '@hermes/drain-contract';

/** The epoch of the gateway in the samples. */
export const EPOCH = 'boot:1';

/** Every kind of request that can be made. */
export const REQUESTS: [what: string, options: WriteDrainRequestOptions][] = [
  ['with nothing but its defaults', {}],
  ['for quiet', { suppressNotification: true }],
  ['with the shortest life', { maxAgeSeconds: 1 }],
  ['with the longest life', { maxAgeSeconds: 86_400 }],
  ['with a reason of the greatest length', { reason: 'y'.repeat(500) }],
  [
    'with everything',
    { principal: 'Zoë "z" 世界 👋', reason: 'new image', suppressNotification: true, maxAgeSeconds: 90.5 },
  ],
  ['for another boot', { epoch: 'boot:2' }],
  ['for an unknown epoch', { epoch: '' }],
];

/** A state of every kind. */
export const STATES: [what: string, state: GatewayState][] = LIFECYCLE_STATES.flatMap((lifecycle) => [
  [lifecycle, stateOf(lifecycle, 0)],
  [`${lifecycle} with turns in flight`, stateOf(lifecycle, MAX_ACTIVE_WORK + 1)],
]);

function stateOf(lifecycle: GatewayState['gateway_state'], turns: number): GatewayState {
  const now = formatIsoDateTime(Date.now());
  const listed = Array.from({ length: Math.min(turns, MAX_ACTIVE_WORK) }, (_, n) => `turn-${n}`);
  const draining = lifecycle === 'draining';
  const ended = lifecycle === 'stopped' || lifecycle === 'startup_failed';
  return {
    gateway_state: lifecycle,
    active_agents: turns,
    active_work: listed.map((id) => ({
      id,
      kind: 'external',
      session: 'anna',
      started_at: now,
      last_progress_at: now,
      stalled: false,
    })),
    drain: draining ? drainSince(now, turns === 0 ? now : null) : null,
    pid: process.pid,
    epoch: EPOCH,
    endpoint: lifecycle === 'starting' ? null : 'http://127.0.0.1:8642',
    started_at: now,
    updated_at: now,
    restart_drain_timeout: 30,
    exit: ended ? { at: now, signal: null, code: 78, reason: 'configuration', interrupted: 2 } : null,
    version: '0.1.0',
    queued_turns: turns,
    refused_turns: draining ? 3 : 0,
    shared_turns: { name: 'gw1', others: turns, takers: turns },
    stop_timeout: 51,
    turn_timeout: 600.5,
  };
}

function drainSince(now: string, drainedAt: string | null): NonNullable<GatewayState['drain']> {
  return {
    request_id: null,
    principal: 'ops',
    reason: 'new image',
    requested_at: now,
    observed_at: now,
    drained_at: drainedAt,
  };
}
