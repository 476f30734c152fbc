import { gatewayStateViewSchema } from '@hermes/drain-contract';
import { describe, expect, it } from 'vitest';
import { timeoutKillFile } from '../slot/definition.ts';
import { MAX_STOP_SECONDS, stopSecondsOf } from './stop-seconds.ts';

describe('how long a gateway takes to stop', () => {
  it.each([
    ['what it says itself', { stop_timeout: 51, restart_drain_timeout: 30 }, 51],
    ['its grace and some more, where an older one says only that', { restart_drain_timeout: 120 }, 150],
    ['not known where it says nothing', {}, undefined],
    ['not known where it says nonsense', { stop_timeout: -1, restart_drain_timeout: 'long' }, undefined],
    ['bounded, whatever it says', { stop_timeout: 1e300 }, MAX_STOP_SECONDS],
    ['bounded, whatever it says of its grace', { restart_drain_timeout: 86_400 }, MAX_STOP_SECONDS],
    ['what it says, up to the bound', { stop_timeout: MAX_STOP_SECONDS }, MAX_STOP_SECONDS],
  ])('is %s', (_what, state, seconds) => {
    expect(stopSecondsOf(gatewayStateViewSchema.parse(state))).toBe(seconds);
  });

  it('is not known without a state', () => {
    expect(stopSecondsOf(undefined)).toBeUndefined();
  });

  it('makes the timeout-kill of a slot an hour at most', () => {
    expect(timeoutKillFile(MAX_STOP_SECONDS).text).toBe('3600000\n');
  });
});
