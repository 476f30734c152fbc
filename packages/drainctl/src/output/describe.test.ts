import { expect, test } from 'vitest';
import { NOON, sighting, turn } from '../../../dashboard-client/src/testing/sightings.ts';
import { describeSighting, describeTurns, formatTime } from './describe.ts';

const at = (seconds: number) => new Date(NOON - seconds * 1000).toISOString();

test.each([
  ['draining, 1 turn left: anna (4 min, last progress 6 s ago)', sighting({})],
  ['drained, no turn in flight', sighting({ drain: { safe_to_stop: true }, turns: [] })],
  [
    'drain announced: not ready, still accepting messages; no turn in flight',
    sighting({ drain: { verdict: { active: false, reason: 'announced', code: null } }, turns: [] }),
  ],
  [
    'gateway running, has not acknowledged the drain yet; 1 turn left: anna (4 min, last progress 6 s ago)',
    sighting({ status: { gateway_state: 'running' } }),
  ],
  [
    'the gateway could not start (config.yaml: line 3); no drain',
    sighting({
      drain: { verdict: { active: false, reason: 'absent', code: null } },
      status: {
        gateway_running: false,
        gateway_state: 'startup_failed',
        liveness: 'stopped',
        problem: 'config.yaml: line 3',
      },
      turns: [],
    }),
  ],
  [
    'gateway starting (the port is taken), no drain; no turn in flight',
    sighting({
      drain: { verdict: { active: false, reason: 'absent', code: null } },
      status: { gateway_state: 'starting', problem: 'the port is taken' },
      turns: [],
    }),
  ],
  [
    'the gateway is stopped: it does not acknowledge the drain',
    sighting({ status: { gateway_running: false, gateway_state: 'stopped', liveness: 'stopped' }, turns: [] }),
  ],
  [
    `the gateway died after ${formatTime(at(51), NOON)} with 1 turn in flight: it does not acknowledge the drain`,
    sighting({ status: { gateway_running: false, gateway_state: 'stopped', liveness: 'died', heartbeat_at: at(51) } }),
  ],
  [
    'no heartbeat for 51 s, process 123 is still there: it does not acknowledge the drain',
    sighting({ status: { liveness: 'frozen', heartbeat_at: at(51) } }),
  ],
  [
    'no heartbeat for 51 s, and its process cannot be seen from the dashboard; no drain',
    sighting({
      drain: { verdict: { active: false, reason: 'absent', code: null } },
      status: { gateway_running: false, gateway_state: 'stopped', liveness: 'unknown', heartbeat_at: at(51) },
    }),
  ],
  [
    `gateway running, the drain expired at ${formatTime(at(9))}; no turn in flight`,
    sighting({
      drain: { verdict: { active: false, reason: 'expired', code: null }, expired_at: at(9) },
      status: { gateway_state: 'running' },
      turns: [],
    }),
  ],
])('tells: %s', (text, seen) => {
  expect(describeSighting(seen)).toBe(text);
});

test('names the five turns that have been at it longest, and says when one has stalled', () => {
  const turns = [1, 2, 3, 4, 5, 6].map((minutes) => turn(`s${minutes}`, { started_at: at(minutes * 60) }));
  const { status } = sighting({ turns: [...turns, turn('mute', { stalled: true, started_at: at(7200) })] });
  expect(describeTurns({ ...status, active_agents: 30 }, NOON)).toMatch(
    /^30 turns left: mute \(2 h, stalled, silent for 6 s\), s6 .*s3 \(3 min, last progress 6 s ago\), and 25 more$/,
  );
});

test('does not call it zero when the gateway does not report how many turns are left', () => {
  expect(describeTurns({ ...sighting({}).status, active_agents: null }, NOON)).toBe(
    'turns left: unknown, the gateway does not report them',
  );
});

test('a time of another day has its date', () => {
  expect(formatTime(at(0), NOON)).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(formatTime(at(3 * 86_400), NOON)).toMatch(/^2026-05-01 \d\d:\d\d:\d\d$/);
  expect(formatTime(null)).toBe('at an unknown time');
});

test('a forged time is unknown, and what strangers wrote is shown', () => {
  const { status } = sighting({
    turns: [
      turn('\u202eanna', { started_at: 'soon', last_progress_at: '2026-99-01T00:00:00Z' }),
      turn('\u{e0041}ben', { started_at: '', last_progress_at: '', stalled: true }),
    ],
  });
  expect(describeTurns(status, NOON)).toBe(
    '2 turns left: \\u{202e}anna (unknown, last progress unknown), \\u{e0041}ben (unknown, stalled, silent for unknown)',
  );
});
