import { gatewayStateViewSchema } from '@hermes/drain-contract';
import { describe, expect, it } from 'vitest';
import { stopSecondsOf } from './stop-seconds.ts';

describe('how long a gateway takes to stop', () => {
  it.each([
    ['what it says itself', { stop_timeout: 51, restart_drain_timeout: 30 }, 51],
    ['its grace and some more, where an older one says only that', { restart_drain_timeout: 120 }, 150],
    ['not known where it says nothing', {}, undefined],
    ['not known where it says nonsense', { stop_timeout: -1, restart_drain_timeout: 'long' }, undefined],
    ['bounded, whatever it says', { stop_timeout: 1e300 }, 100_000],
  ])('is %s', (_what, state, seconds) => {
    expect(stopSecondsOf(gatewayStateViewSchema.parse(state))).toBe(seconds);
  });

  it('is not known without a state', () => {
    expect(stopSecondsOf(undefined)).toBeUndefined();
  });
});
