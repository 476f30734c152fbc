import { describe, expect, it } from 'vitest';
import { drainVerdict } from '../marker/verdict.pure.ts';
import { HEARTBEAT_INTERVAL_MS, SAFE_STATE_TIMEOUT_MS } from '../state/liveness.pure.ts';
import { type DrainObservation, type GatewayState, gatewayStateViewSchema } from '../state/schema.pure.ts';
import { gatewayState } from '../testing/gateway-states.ts';
import { markerOf, sightingOf } from '../testing/markers.ts';
import { isSafeToStop } from './safe-to-stop.pure.ts';

const ISO = '2026-01-02T03:04:05Z';
const OURS = { requested_at: ISO, request_id: 'ours' };

const drainOf = (changes: Partial<DrainObservation> = {}): DrainObservation => ({
  request_id: 'ours',
  principal: null,
  reason: null,
  requested_at: ISO,
  observed_at: ISO,
  drained_at: ISO,
  ...changes,
});

function safe({
  state = {},
  live = true,
  marker = markerOf(OURS),
  now = Date.parse(ISO),
}: Partial<Situation>): boolean {
  const drained = { ...gatewayState(), gateway_state: 'draining', drain: drainOf(), updated_at: ISO, ...state };
  return isSafeToStop(gatewayStateViewSchema.parse(drained), live, drainVerdict({ marker, epoch: 'e', now }), now);
}

interface Situation {
  state: Partial<Record<keyof GatewayState, unknown>>;
  live: boolean;
  marker: Parameters<typeof drainVerdict>[0]['marker'];
  now: number;
}

describe('it is safe to stop a gateway', () => {
  it('that is live, has answered this very request and has no turn in flight', () => {
    expect(safe({})).toBe(true);
  });

  it('that has said so within a heartbeat and a little more', () => {
    expect(SAFE_STATE_TIMEOUT_MS).toBeLessThan(HEARTBEAT_INTERVAL_MS * 1.5);
    expect(safe({ now: Date.parse(ISO) + SAFE_STATE_TIMEOUT_MS - 1 })).toBe(true);
  });

  it.each<[what: string, marker: Situation['marker'], drain: Partial<DrainObservation>]>([
    ['a request without an id, by its time', markerOf({ requested_at: ISO }), { request_id: null }],
    ['a request that says nothing at all', markerOf({}, Date.parse(ISO)), { request_id: null, requested_at: null }],
    ['a corrupt one', sightingOf('{', Date.parse(ISO)), { request_id: null, requested_at: null }],
    ['a request that the reference system has refreshed without its id', markerOf({ requested_at: ISO }), {}],
    ['a request that was refreshed since', markerOf(OURS), { requested_at: '2026-01-02T03:00:00Z' }],
    [
      'a request without an id that was refreshed since',
      markerOf({ requested_at: ISO }),
      { request_id: null, requested_at: '2026-01-02T03:00:00Z', identity: 'since:2026-01-02T02:00:00Z' },
    ],
    [
      'the same to a gateway that publishes no identity',
      markerOf({ requested_at: ISO }),
      { request_id: null, requested_at: '2026-01-02T03:00:00Z' },
    ],
  ])('that has answered %s', (_what, marker, drain) => {
    expect(safe({ marker, state: { drain: drainOf(drain) } })).toBe(true);
  });
});

describe('it is not safe to stop a gateway', () => {
  it.each<[what: string, situation: Partial<Situation>]>([
    ['that is not live', { live: false }],
    ['that is still running', { state: { gateway_state: 'running' } }],
    ['that is on its way out already', { state: { gateway_state: 'stopping' } }],
    ['that has a turn in flight', { state: { active_agents: 1 } }],
    ['that does not report how many turns are in flight', { state: { active_agents: null } }],
    ['that has not said which drain it is in', { state: { drain: null } }],
    ['that has answered another request', { state: { drain: drainOf({ request_id: 'theirs' }) } }],
    ['that has answered a request without an id', { state: { drain: drainOf({ request_id: null }) } }],
    ['when the drain was cancelled', { marker: { kind: 'absent' } }],
    ['when the drain cannot be read', { marker: { kind: 'unreadable', code: 'EACCES' } }],
    ['when the marker is unavailable', { marker: { kind: 'unavailable', code: 'EIO' } }],
    ['that has missed a heartbeat', { now: Date.parse(ISO) + SAFE_STATE_TIMEOUT_MS }],
    ['whose heartbeat is as far ahead', { now: Date.parse(ISO) - SAFE_STATE_TIMEOUT_MS }],
    ['that does not say when it has said so', { state: { updated_at: null } }],
    ['when the drain is of an earlier boot', { marker: markerOf({ ...OURS, epoch: 'earlier' }) }],
    ['when the drain has expired', { now: Date.parse(ISO) + 3_600_001 }],
  ])('%s', (_what, situation) => {
    expect(safe(situation)).toBe(false);
  });

  it('of which nothing is known', () => {
    const verdict = drainVerdict({ marker: markerOf(OURS), epoch: 'e', now: Date.parse(ISO) });
    expect(isSafeToStop(undefined, true, verdict, Date.parse(ISO))).toBe(false);
  });
});
