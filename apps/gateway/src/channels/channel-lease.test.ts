import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FleetEvents } from '../journal/fleet.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { ChannelLease } from './channel-lease.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
});

/** A lease in a fleet whose answers the test sets, and what happened, in order. */
function leaseIn(state: { takers: number; isFree: boolean; isOpen: boolean }) {
  const steps: string[] = [];
  const fleet = Object.assign(new EventEmitter<FleetEvents>(), {
    takers: state.takers,
    tryLease: async () => state.isFree,
    releaseLease: async (name: string) => void steps.push(`release ${name}`),
  });
  const work = { start: () => void steps.push('start'), stop: async () => void steps.push('stop') };
  const lease = new ChannelLease({ channel: 'mail', work, fleet, isOpen: () => state.isOpen, log: quietLog().log });
  const next = () => vi.advanceTimersByTimeAsync(1_000);
  onTestFinished(() => lease.stop(AbortSignal.timeout(1_000)));
  return { lease, fleet, steps, next };
}

describe('a ChannelLease', () => {
  it('starts the work when it gets the lease, once', async () => {
    const state = { takers: 2, isFree: false, isOpen: true };
    const { lease, steps, next } = leaseIn(state);
    lease.start();
    await next();
    expect(steps).toEqual([]);
    state.isFree = true;
    await next();
    await next();
    expect([steps, lease.isHeld]).toEqual([['start'], true]);
  });

  it('gives the lease up after the work has stopped when the gate closes, and another gateway can take it', async () => {
    const state = { takers: 1, isFree: true, isOpen: true };
    const { lease, steps, next } = leaseIn(state);
    lease.start();
    await next();
    state.isOpen = false;
    await next();
    expect(steps).toEqual(['start', 'stop', 'release channel mail']);
    await next();
    expect(lease.isHeld).toBe(false);
  });

  it('keeps serving under a drain while no other gateway can', async () => {
    const state = { takers: 0, isFree: true, isOpen: false };
    const { lease, fleet, steps, next } = leaseIn(state);
    lease.start();
    await next();
    expect(steps).toEqual(['start']);
    fleet.takers = 1;
    await next();
    expect(steps).toEqual(['start', 'stop', 'release channel mail']);
  });

  it('stops at once when the lease is lost, and takes it again', async () => {
    const { lease, fleet, steps, next } = leaseIn({ takers: 1, isFree: true, isOpen: true });
    lease.start();
    await next();
    fleet.emit('lost', 'the database was unreachable', () => undefined);
    expect([steps, lease.isHeld]).toEqual([['start', 'stop'], false]);
    await next();
    expect(steps).toEqual(['start', 'stop', 'start']);
  });
});
