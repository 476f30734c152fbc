import { expect, test } from 'vitest';
import { cancellable, drainable, progressOf } from './selection.ts';
import { DRAINING, profileWith, turnFrom } from './testing.ts';

const idle = profileWith({ name: 'idle' });
const busy = profileWith({ name: 'busy', ...DRAINING, active_agents: 2, active_work: [turnFrom(3, 1)] });
const safe = profileWith({ name: 'safe', ...DRAINING, safe_to_stop: true });
const left = profileWith({ name: 'left', request: { verdict: { active: false, reason: 'expired' } } });

test('the progress of several drains is one line', () => {
  expect(progressOf([safe, busy, idle])).toBe('1 safe to stop, 1 draining (2 turns left), 1 not draining');
  expect(progressOf([safe])).toBe('1 safe to stop');
});

test('what is draining is not drained again, and what has no request is not cancelled', () => {
  const all = [idle, busy, safe, left];
  expect(drainable(all)).toEqual([idle, left]);
  expect(cancellable(all)).toEqual([busy, safe, left]);
});
