import { type DrainObservation, formatIsoDateTime } from '@hermes/drain-contract';
import { describe, expect, it } from 'vitest';
import { ABSENT, activeVerdict } from '../testing/markers.ts';
import { observeDrain } from './observation.ts';

const [EARLIER, NOW] = [1_000_000, 2_000_000];
const at = formatIsoDateTime;

function account(changes: Partial<DrainObservation> = {}): DrainObservation {
  return {
    identity: 'request-1',
    request_id: 'request-1',
    principal: 'alice',
    reason: 'upgrade',
    requested_at: '2026-01-01T00:00:00.000000+00:00',
    observed_at: at(EARLIER),
    drained_at: null,
    ...changes,
  };
}

describe('observeDrain', () => {
  it.each<[what: string, previous: DrainObservation | null, active: number, expected: DrainObservation]>([
    ['begins busy', null, 3, account({ observed_at: at(NOW) })],
    ['begins drained', null, 0, account({ observed_at: at(NOW), drained_at: at(NOW) })],
    ['stays busy', account(), 1, account()],
    ['is drained when the last turn ends', account(), 0, account({ drained_at: at(NOW) })],
    ['stays drained since then', account({ drained_at: at(EARLIER) }), 0, account({ drained_at: at(EARLIER) })],
    ['is not drained while an internal turn runs', account({ drained_at: at(EARLIER) }), 1, account()],
    [
      'begins anew for another request',
      account({ identity: 'other', drained_at: at(EARLIER) }),
      0,
      account({ observed_at: at(NOW), drained_at: at(NOW) }),
    ],
    ['takes over new words', account({ reason: 'old', principal: 'bob' }), 1, account()],
  ])('%s', (_what, previous, active, expected) => {
    expect(observeDrain(previous, activeVerdict(), 'request-1', active, NOW)).toEqual(expected);
  });

  it.each([null, account()])('is nothing outside a drain', (previous) => {
    expect(observeDrain(previous, ABSENT, null, 0, NOW)).toBeNull();
  });

  it('has nothing to say about a marker that says nothing', () => {
    const mute = { request_id: null, principal: null, reason: null, requested_at: null };
    expect(observeDrain(null, activeVerdict(mute), 'request-1', 1, NOW)).toEqual(
      account({ ...mute, observed_at: at(NOW) }),
    );
  });
});
