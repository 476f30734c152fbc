import { expect, test } from 'vitest';
import { duration } from './ages.ts';
import { profileWith } from './testing.ts';

test('what strangers wrote is shown, and what is sent back stays as it came', () => {
  const request_id = 'id\u202e';
  const profile = profileWith({
    gateway_state: 'running\u202e',
    active_work: [
      {
        id: '1',
        kind: 'external',
        session: '\u{e0041}anna 👩‍🚒',
        started_at: 'soon',
        last_progress_at: '2026-13-45T99:00:00Z',
        stalled: false,
      },
    ],
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
  expect(duration((profile.graceSeconds ?? 0) * 1000)).toBe('unknown');
});
