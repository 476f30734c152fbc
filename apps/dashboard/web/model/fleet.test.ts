import { expect, test } from 'vitest';
import { select, tally, toneOf, troubleFirst } from './fleet.ts';
import { DRAINING, profileWith, turnFrom } from './testing.ts';

const idle = profileWith({ name: 'idle' });
const drained = profileWith({ name: 'drained', ...DRAINING, safe_to_stop: true });
const missing = profileWith({ name: 'missing', gateway_running: false, desired_state: 'running' });
const stopped = profileWith({ name: 'stopped', gateway_running: false, desired_state: 'stopped' });
const stalled = profileWith({ name: 'stalled', active_agents: 1, active_work: [turnFrom(9, 9, true)] });
const mute = profileWith({
  name: 'mute',
  channels: [{ name: 'telegram', state: 'rejected', since: '', problem: 'wrong token', waiting: 0, given_up: 0 }],
});
const fresh = profileWith({ name: 'fresh', gateway_running: false, gateway_state: null });
const all = [idle, drained, missing, stopped, stalled, fresh];

test('each kind has its profiles, in their order', () => {
  expect(tally(all)).toEqual({ all: 6, draining: 1, safe: 1, trouble: 2 });
  expect(select(all, { kind: 'trouble', text: '' }).map(({ name }) => name)).toEqual(['missing', 'stalled']);
});

test('a channel that does not work needs attention', () => {
  expect(select([idle, mute], { kind: 'trouble', text: '' })).toEqual([mute]);
  expect(toneOf(mute)).toBe('warn');
});

test('the filter looks anywhere in the name, whatever the case', () => {
  expect(select(all, { kind: 'all', text: ' ST' }).map(({ name }) => name)).toEqual(['stopped', 'stalled']);
});

test('what is wrong looks so', () => {
  expect(all.map(toneOf)).toEqual(['calm', 'good', 'bad', 'calm', 'warn', 'calm']);
});

test('what needs attention comes first, the rest stays in its order', () => {
  const names = troubleFirst(all).map(({ name }) => name);
  expect(names).toEqual(['missing', 'stalled', 'idle', 'drained', 'stopped', 'fresh']);
});
