import { expect, test } from 'vitest';
import { sighting, turn } from '../testing/sightings.ts';
import { judge } from './judge.ts';

const GONE = { gateway_running: false, liveness: 'died' } as const;

test.each([
  ['drained', sighting({ drain: { safe_to_stop: true } })],
  ['waiting', sighting({})],
  ['waiting', sighting({ drain: { verdict: { active: false, reason: 'announced', code: null } } })],
  [
    'conflict',
    sighting({ drain: { request_id: 'another', verdict: { active: false, reason: 'announced', code: null } } }),
  ],
  ['waiting', sighting({ turns: [turn('anna', { stalled: true }), turn('ben')] })],
  ['stalled', sighting({ turns: [turn('anna', { stalled: true })] })],
  ['conflict', sighting({ drain: { request_id: 'another', safe_to_stop: true } })],
  ['conflict', sighting({ drain: { request_id: null } })],
  ['cancelled', sighting({ drain: { request_id: null, verdict: { active: false, reason: 'absent', code: null } } })],
  ['waiting', sighting({ drain: { verdict: { active: false, reason: 'unavailable', code: 'EMFILE' } } })],
  ['expired', sighting({ drain: { verdict: { active: false, reason: 'expired', code: null } } })],
  ['void', sighting({ drain: { verdict: { active: false, reason: 'stale-epoch', code: null } } })],
  [
    'conflict',
    sighting({ drain: { request_id: 'another', verdict: { active: false, reason: 'expired', code: null } } }),
  ],
  ['stopped', sighting({ status: { gateway_running: false, liveness: 'stopped' } })],
  ['died', sighting({ status: { gateway_running: false, liveness: 'died' } })],
  ['frozen', sighting({ status: { liveness: 'frozen' } })],
  ['silent', sighting({ status: { gateway_running: false, liveness: 'unknown' } })],
  ['cancelled', sighting({ drain: { verdict: { active: false, reason: 'absent', code: null } }, status: GONE })],
])('%s', (judgement, seen) => {
  expect(judge(seen, 'ours')).toBe(judgement);
});

const ANSWERED = { drain: { request_id: 'ours' } as never };

test.each([
  ['self', sighting({}), false],
  ['self', sighting({ turns: [turn('anna'), turn('ben')] }), false],
  ['waiting', sighting({ turns: [turn('anna'), turn('ben')], status: ANSWERED }), true],
  ['waiting', sighting({ status: { ...ANSWERED, active_agents: 2 } }), true],
  ['waiting', sighting({ status: { ...ANSWERED, gateway_state: 'running' } }), true],
  ['waiting', sighting({}), true],
  ['drained-but-own', sighting({ status: ANSWERED }), true],
  ['drained', sighting({ drain: { safe_to_stop: true }, turns: [] }), true],
  ['waiting', sighting({ turns: [turn('ben')], status: ANSWERED }), true],
])('%s, in a turn of its own, which is excepted or not', (judgement, seen, isExcepted) => {
  expect(judge(seen, 'ours', { id: 'turn-of-anna', isExcepted })).toBe(judgement);
});

test('turns that are not listed may be making progress', () => {
  const seen = sighting({ turns: [turn('anna', { stalled: true })], status: { active_agents: 2 } });
  expect(judge(seen, 'ours')).toBe('waiting');
});

test('a drain without an id is one, too', () => {
  expect(judge(sighting({ drain: { request_id: null, safe_to_stop: true } }), null)).toBe('drained');
});
