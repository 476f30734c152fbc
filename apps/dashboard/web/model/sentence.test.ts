import { describe, expect, test } from 'vitest';
import { clock } from './ages.ts';
import { announcementOf, sentenceOf, stateWord } from './sentence.ts';
import { DRAINING, NOW, profileWith, turnFrom } from './testing.ts';

const LAST = { heartbeat_at: new Date(NOW - 51_000).toISOString() };

describe('the sentence tells what an operator needs to decide', () => {
  test.each([
    [
      'two turns',
      { active_agents: 2, active_work: [turnFrom(240, 60), turnFrom(100, 6)] },
      'busy',
      '2 turns left, the oldest 4 min, last progress 6 s ago',
    ],
    [
      'one turn',
      { active_agents: 1, active_work: [turnFrom(30, 6)] },
      'busy',
      '1 turn left, for 30 s, last progress 6 s ago',
    ],
    [
      'a stalled turn',
      { active_agents: 1, active_work: [turnFrom(600, 300, true)] },
      'warn',
      '1 turn left, for 10 min, last progress 5 min ago, 1 stalled',
    ],
    ['turns that are not listed', { active_agents: 2 }, 'busy', '2 turns left'],
    [
      'an unknown number',
      { active_agents: null },
      'warn',
      'Draining, but the gateway does not report how many turns are left',
    ],
    ['none, not confirmed', { active_agents: 0 }, 'busy', 'No turns left, the gateway is about to confirm'],
    ['none', { active_agents: 0, safe_to_stop: true }, 'good', 'Safe to stop'],
    [
      'another answer',
      { active_agents: 1, drain: { request_id: 'r0' } },
      'busy',
      'Drain requested, the gateway has not answered yet, 1 turn left',
    ],
  ])('draining with %s', (_, changes, tone, text) => {
    expect(said({ ...DRAINING, ...changes })).toEqual({ tone, text });
  });

  test.each([
    ['idle', {}, 'calm', 'Accepting messages, no turn in flight'],
    [
      'idle, with a channel that fails',
      { channels: [{ name: 'telegram', state: 'failing', since: '', problem: null, waiting: 3, given_up: 0 }] },
      'warn',
      'Accepting messages, no turn in flight, channel telegram is failing',
    ],
    [
      'busy',
      { active_agents: 1, active_work: [turnFrom(5, 1)] },
      'calm',
      'Accepting messages, 1 turn in flight, for 5 s, last progress 1 s ago',
    ],
    [
      'missing',
      { gateway_running: false, gateway_state: 'stopped', desired_state: 'running' },
      'bad',
      'Stopped, though it should be running: it accepts no messages',
    ],
    [
      'stopped',
      { gateway_running: false, gateway_state: 'stopped', desired_state: 'stopped' },
      'calm',
      'Stopped, as intended',
    ],
    [
      'dead',
      { gateway_running: false, gateway_state: 'stopped', ...LAST, liveness: 'died', last_active_agents: 1 },
      'bad',
      `Died after ${clock(NOW - 51_000, NOW)} with 1 turn in flight, and has not restarted`,
    ],
    ['frozen', { ...LAST, liveness: 'frozen', pid: 123 }, 'bad', 'No heartbeat for 51 s, process 123 is still there'],
    [
      'silent',
      { gateway_running: false, gateway_state: 'stopped', ...LAST, liveness: 'unknown' },
      'bad',
      'No heartbeat for 51 s, and its process cannot be checked from here',
    ],
    [
      'over, because the drain expired',
      { gateway_state: 'draining', request: { request_id: 'r1', verdict: { active: false, reason: 'expired' } } },
      'busy',
      'The drain expired, the gateway is about to accept messages again',
    ],
    ['failed', { gateway_running: false, gateway_state: 'startup_failed' }, 'bad', 'Could not start; see its log'],
    [
      'failed, with its reason',
      { gateway_running: false, gateway_state: 'startup_failed', problem: 'config.yaml: line 3' },
      'bad',
      'Could not start: config.yaml: line 3',
    ],
    [
      'starting, but waiting',
      { gateway_state: 'starting', problem: 'the port is taken' },
      'warn',
      'Starting, not accepting messages yet: the port is taken',
    ],
    ['new', { gateway_running: false, gateway_state: null }, 'calm', 'Not started'],
    ['starting', { gateway_state: 'starting' }, 'busy', 'Starting, not accepting messages yet'],
    [
      'restarting',
      { restart: { state: 'starting', since: new Date(NOW - 3_000).toISOString() } },
      'busy',
      'Restarting: waiting until it is ready, for 3 s',
    ],
  ])('not draining: %s', (_, changes, tone, text) => {
    expect(said(changes)).toEqual({ tone, text });
  });

  test('a restart is never called safe to stop', () => {
    const profile = profileWith({ ...DRAINING, safe_to_stop: true, restart: { state: 'stopping' } });
    expect(sentenceOf(profile, NOW).text).not.toMatch(/safe/i);
    expect(announcementOf(profile)).not.toMatch(/safe/i);
  });
});

test('what is read aloud does not change as time goes by', () => {
  const profile = (progressAgo: number) =>
    profileWith({ ...DRAINING, active_agents: 1, active_work: [turnFrom(240, progressAgo)] });
  expect(announcementOf(profile(6))).toBe('default: draining, 1 turn left');
  expect(announcementOf(profile(7))).toBe(announcementOf(profile(6)));
});

test('a profile without a state is not started', () => {
  expect(stateWord(profileWith({ gateway_state: null, gateway_running: false }))).toBe('not started');
});

function said(changes: Readonly<Record<string, unknown>>) {
  const { tone, text } = sentenceOf(profileWith(changes), NOW);
  return { tone, text: text.replaceAll('\u00a0', ' ') };
}

test('a profile without a state that should be running is not running', () => {
  const profile = profileWith({ gateway_state: null, gateway_running: false, desired_state: 'running' });
  expect(stateWord(profile)).toBe('not running');
});
