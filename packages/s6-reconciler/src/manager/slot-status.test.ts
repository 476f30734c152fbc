import { describe, expect, it } from 'vitest';
import type { SupervisedStatus } from '../s6/status.ts';
import { slotState } from './slot-status.ts';

const status = (flags: Partial<SupervisedStatus>): SupervisedStatus => ({
  up: false,
  wantedUp: false,
  normallyUp: false,
  ready: false,
  pid: undefined,
  exitCode: undefined,
  signal: undefined,
  seconds: 0,
  ...flags,
});

describe('a supervised slot', () => {
  it.each([
    ['is running once it is ready', { up: true, wantedUp: true, ready: true }, 'running'],
    ['is starting until it is ready', { up: true, wantedUp: true }, 'starting'],
    ['is starting between two attempts', { wantedUp: true }, 'starting'],
    ['is stopping while its last turns run', { up: true, ready: true }, 'stopping'],
    ['is stopped when it is not wanted up', {}, 'stopped'],
    ['has failed when it is normally up and was given up', { normallyUp: true }, 'failed'],
  ] as const)('%s', (_what, flags, state) => {
    expect(slotState(status(flags), undefined)).toBe(state);
  });

  it('is stopped, and has not failed, after a stop was asked for, as in the middle of a restart', () => {
    expect(slotState(status({ normallyUp: true, signal: 'SIGTERM' }), 'running')).toBe('stopped');
    expect(slotState(status({ normallyUp: true, signal: 'SIGKILL' }), 'running')).toBe('failed');
  });

  it('has failed or is stopped by the desired state where there is one, since an unprivileged user cannot change the down file', () => {
    expect(slotState(status({ normallyUp: true }), 'stopped')).toBe('stopped');
    expect(slotState(status({ normallyUp: false }), 'running')).toBe('failed');
  });
});
