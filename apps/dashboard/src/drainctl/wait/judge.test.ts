import { expect, test } from 'vitest';
import { sighting, turn } from '../testing/sightings.ts';
import { judge } from './judge.ts';

test.each([
  ['drained', sighting({ drain: { safe_to_stop: true } })],
  ['waiting', sighting({})],
  ['waiting', sighting({ drain: { verdict: { active: false, reason: 'announced', code: null } } })],
  ['held', sighting({ drain: { request_id: 'another', verdict: { active: false, reason: 'announced', code: null } } })],
  ['waiting', sighting({ turns: [turn('anna', { stalled: true }), turn('ben')] })],
  ['stalled', sighting({ turns: [turn('anna', { stalled: true })] })],
  ['held', sighting({ drain: { request_id: 'another', safe_to_stop: true } })],
  ['held', sighting({ drain: { request_id: null } })],
  ['cancelled', sighting({ drain: { request_id: null, verdict: { active: false, reason: 'absent', code: null } } })],
  ['waiting', sighting({ drain: { verdict: { active: false, reason: 'unavailable', code: 'EMFILE' } } })],
  ['expired', sighting({ drain: { verdict: { active: false, reason: 'expired', code: null } } })],
  ['void', sighting({ drain: { verdict: { active: false, reason: 'stale-epoch', code: null } } })],
  ['held', sighting({ drain: { request_id: 'another', verdict: { active: false, reason: 'expired', code: null } } })],
])('%s', (judgement, seen) => {
  expect(judge(seen, 'ours')).toBe(judgement);
});

test('turns that are not listed may be making progress', () => {
  const seen = sighting({ turns: [turn('anna', { stalled: true })], status: { active_agents: 2 } });
  expect(judge(seen, 'ours')).toBe('waiting');
});

test('a drain without an id is one, too', () => {
  expect(judge(sighting({ drain: { request_id: null, safe_to_stop: true } }), null)).toBe('drained');
});
