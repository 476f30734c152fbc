import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { ChannelHealth } from './channel-health.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
  onTestFinished(() => void vi.useRealTimers());
});

function recorded() {
  const health = new ChannelHealth('connecting');
  const changes: unknown[] = [];
  health.on('change', () => changes.push([health.state, health.problem, health.since]));
  return { health, changes };
}

it('reports each change once, and since when the state is as it is', () => {
  const { health, changes } = recorded();
  vi.setSystemTime(2_000);
  health.become('failing', 'no answer');
  health.become('failing', 'no answer');
  vi.setSystemTime(3_000);
  health.become('failing', 'another reason');
  health.become('connected');
  health.become('connected');
  expect(changes).toEqual([
    ['failing', 'no answer', 2_000],
    ['failing', 'another reason', 2_000],
    ['connected', null, 3_000],
  ]);
});

it('bounds what it says', () => {
  const { health } = recorded();
  health.become('failing', 'x'.repeat(100_000));
  expect(health.problem).toHaveLength(500);
});
