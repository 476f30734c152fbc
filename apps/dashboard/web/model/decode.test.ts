import { expect, test } from 'vitest';
import { duration } from './ages.ts';
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

test('what strangers wrote is shown, and what is sent back stays as it came', () => {
  const request_id = 'id\u202e';
  const profile = decodeProfile({
    name: 'default',
    gateway_state: 'running\u202e',
    active_work: [{ session: '\u{e0041}anna 👩‍🚒', started_at: 'soon', last_progress_at: '2026-13-45T99:00:00Z' }],
    restart_drain_timeout: 1e308,
    request: { request_id, reason: 'a\u2066b\u001b[2J', requested_at: '+999999-01-01T00:00:00Z' },
    drain: { request_id },
  });
  expect(profile).toMatchObject({
    state: 'running\\u{202e}',
    work: [{ session: '\\u{e0041}anna 👩‍🚒', startedAt: null, lastProgressAt: null }],
    request: { id: request_id, reason: 'a\\u{2066}b\\u{1b}[2J', requestedAt: null },
    answer: { requestId: request_id },
  });
  expect(duration((profile?.graceSeconds ?? 0) * 1000)).toBe('unknown');
});
