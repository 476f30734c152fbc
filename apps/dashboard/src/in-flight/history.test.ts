import { expect, test } from 'vitest';
import { ProfileReader } from '../profiles/read.ts';
import type { ProfileView } from '../profiles/schemas.ts';
import { VolumeWatch } from '../profiles/volume.ts';
import { HISTORY_MS, InFlightHistory } from './history.ts';

function rig() {
  const volume = new VolumeWatch(new ProfileReader({ home: '/nowhere', serviceOf: () => null, restartOf: () => null }));
  const clock = { now: 1_000_000, ahead: 0 };
  const history = new InFlightHistory(
    volume,
    () => clock.now,
    () => clock.now + clock.ahead,
  );
  return {
    history,
    clock,
    see: (active_agents: number | null, name = 'default') =>
      volume.emit('change', { name, before: undefined, view: { name, active_agents } as ProfileView }),
    lose: (name: string) => volume.emit('change', { name, before: undefined, view: undefined }),
  };
}

test('keeps a sample at each change, and none without', () => {
  const { history, clock, see } = rig();
  for (const turns of [0, 2, 2, null, 1]) {
    see(turns);
    clock.now += 5_000;
  }
  expect(history.of('default')).toEqual([
    [1_000_000, 0],
    [1_005_000, 2],
    [1_015_000, null],
    [1_020_000, 1],
  ]);
  expect(history.of('mail')).toEqual([]);
});

test('a change before the window is shown as the value at its start', () => {
  const { history, clock, see } = rig();
  see(1);
  clock.now += 5_000;
  see(2);
  clock.now += HISTORY_MS;
  see(3);
  expect(history.of('default')).toEqual([
    [clock.now - HISTORY_MS, 2],
    [clock.now, 3],
  ]);
});

test('however busy a gateway is, samples are bounded, and the last one is right', () => {
  const { history, clock, see } = rig();
  for (let count = 0; count < 100_000; count += 1) {
    see(count);
    clock.now += 10;
  }
  const samples = history.of('default');
  expect(samples.length).toBeLessThanOrEqual(602);
  expect(samples.at(-1)?.[1]).toBe(99_999);
});

test('forgets a profile that is gone', () => {
  const { history, see, lose } = rig();
  see(1, 'mail');
  lose('mail');
  expect(history.of('mail')).toEqual([]);
});

test('a clock that is ahead for a while keeps no sample longer, and moves those that it tells', () => {
  const { history, clock, see } = rig();
  clock.ahead = 172_800_000;
  see(1);
  expect(history.of('default')).toEqual([[1_000_000 + 172_800_000, 1]]);
  clock.ahead = 0;
  for (let turns = 2; turns < 1_000; turns += 1) {
    clock.now += 2_000;
    see(turns);
  }
  const samples = history.of('default');
  expect(samples.length).toBeLessThanOrEqual(HISTORY_MS / 2_000 + 1);
  expect(samples.at(-1)).toEqual([clock.now, 999]);
});
