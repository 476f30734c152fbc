import { describe, expect, it } from 'vitest';
import { unitState, unitStatus } from './unit-status.ts';

const LOADED = { LoadState: 'loaded' };

describe('a unit', () => {
  it.each([
    [{ LoadState: 'not-found', ActiveState: 'inactive' }, undefined, 'not-registered'],
    [{ ...LOADED, ActiveState: 'active' }, 'running', 'running'],
    [{ ...LOADED, ActiveState: 'activating', SubState: 'auto-restart' }, 'running', 'starting'],
    [{ ...LOADED, ActiveState: 'deactivating' }, 'stopped', 'stopping'],
    [{ ...LOADED, ActiveState: 'inactive' }, 'running', 'stopped'],
    [{ ...LOADED, ActiveState: 'failed' }, 'running', 'failed'],
    [{ ...LOADED, ActiveState: 'failed' }, undefined, 'failed'],
    [{ ...LOADED, ActiveState: 'failed' }, 'stopped', 'stopped'],
  ] as const)('%j whose operator wants it %s is %s', (unit, desired, state) => {
    expect(unitState(unit, desired)).toBe(state);
  });

  it('that runs has a process, and since when', () => {
    const unit = {
      ...LOADED,
      Id: 'hermes-gateway@a.service',
      ActiveState: 'active',
      MainPID: '7',
      ExecMainStartTimestampMonotonic: '1000000',
      UnitFileState: 'enabled',
    };
    expect(unitStatus('a', unit, 'running', 6_500_000)).toEqual({
      profile: 'a',
      unit: 'hermes-gateway@a.service',
      enabled: true,
      state: 'running',
      ready: true,
      pid: 7,
      exit_code: null,
      signal: null,
      seconds: 5,
    });
  });

  it.each([
    ['1', '78', { exit_code: 78, signal: null }],
    ['2', '9', { exit_code: null, signal: 'SIGKILL' }],
    ['3', '6', { exit_code: null, signal: 'SIGABRT' }],
  ])('that has failed says how its process ended: code %s, status %s', (code, status, end) => {
    const unit = {
      ...LOADED,
      ActiveState: 'failed',
      MainPID: '0',
      ExecMainCode: code,
      ExecMainStatus: status,
      ExecMainExitTimestampMonotonic: '2000000',
    };
    expect(unitStatus('a', unit, 'running', 5_000_000)).toMatchObject({ ...end, pid: null, seconds: 3 });
  });
});
