import { expect, test } from 'vitest';
import { decodeProfile, decodeProfiles } from './decode.ts';
import { decodeAudit, decodeBoots, decodeSamples } from './records.ts';

test('an older server leaves fields out', () => {
  const profile = decodeProfile({
    name: 'default',
    gateway_state: 'running',
    gateway_running: true,
    active_agents: 2,
    desired_state: null,
    draining: false,
    safe_to_stop: false,
  });
  expect(profile).toMatchObject({ turns: 2, work: [], request: null, slot: null, held: null, startedAt: null });
});

test.each([[null], [[]], ['profiles'], [{ profiles: {} }], [{ profiles: [null, 1, {}] }]])(
  '%j holds no profile',
  (value) => {
    expect(decodeProfiles(value)).toEqual([]);
  },
);

test('a field of the wrong type is as good as missing', () => {
  const profile = decodeProfile({ name: 'x', active_agents: '2', safe_to_stop: 'true', slot: [], started_at: 'soon' });
  expect(profile).toMatchObject({ turns: null, isSafe: false, slot: null, startedAt: null });
});

test('records that are not there are none', () => {
  expect([decodeAudit({}), decodeBoots(null), decodeSamples({ samples: [1, ['a', 1], [5, null]] })]).toEqual([
    [],
    [],
    [[5, null]],
  ]);
});
