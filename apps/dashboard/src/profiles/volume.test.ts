import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { processStartTime, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test, vi } from 'vitest';
import { gatewayState, turnInFlight } from '../testing/gateway.ts';
import { addProfile, temporaryHome } from '../testing/home.ts';
import { ProfileReader } from './read.ts';
import { type ProfileChange, VolumeWatch } from './volume.ts';

function watchVolume(home: string) {
  const volume = new VolumeWatch(new ProfileReader({ home, serviceOf: () => null, restartOf: () => null }));
  const changes: ProfileChange[] = [];
  volume.on('change', (change) => changes.push(change));
  onTestFinished(() => volume.close());
  return { volume, changes };
}

test('finds profiles that come and go, and never follows a link', () => {
  const home = temporaryHome();
  const { volume, changes } = watchVolume(home);
  volume.poll();
  addProfile(home, 'mail');
  symlinkSync(join(home, 'profiles', 'mail'), join(home, 'profiles', 'link'));
  volume.poll();
  rmSync(join(home, 'profiles', 'mail'), { recursive: true });
  volume.poll();
  volume.poll();
  expect(changes.map(({ name, view }) => [name, view !== undefined])).toEqual([
    ['default', true],
    ['mail', true],
    ['mail', false],
  ]);
});

test('watches a profile that was removed and made anew', async () => {
  const home = temporaryHome();
  const { volume, changes } = watchVolume(home);
  addProfile(home, 'mail');
  volume.poll();
  // So that the new one is another directory.
  renameSync(join(home, 'profiles', 'mail'), join(home, 'old'));
  const mail = addProfile(home, 'mail');
  volume.poll();
  await writeDrainRequest({ home: mail });
  await eventually(() => expect(changes.at(-1)).toMatchObject({ name: 'mail', view: { draining: true } }));
});

test('tells what was before a change', async () => {
  const home = temporaryHome();
  const { volume, changes } = watchVolume(home);
  volume.start();
  await writeDrainRequest({ home });
  await eventually(() => expect(changes).toHaveLength(2));
  expect(changes[1]).toMatchObject({ before: { draining: false }, view: { draining: true } });
});

test('the progress of a turn is sent once a second, other changes at once', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const home = temporaryHome();
  const { volume, changes } = watchVolume(home);
  const state = gatewayState();
  const progress = async (count: number, active_agents: number) => {
    const last_progress_at = new Date(Date.now() + count).toISOString();
    const active_work = [{ ...turnInFlight('1'), started_at: state.started_at, last_progress_at }];
    await writeGatewayState({ ...state, active_agents, active_work }, { home });
    volume.poll();
  };
  await progress(0, 1);
  for (let count = 1; count < 20; count += 1) await progress(count, 1);
  expect(changes).toHaveLength(1);
  await progress(20, 2);
  expect(changes).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  await progress(21, 2);
  expect(changes).toHaveLength(3);
});

test('reads each of many profiles in the end, though no file tells of its change', async () => {
  const home = temporaryHome();
  for (let count = 0; count < 100; count += 1) {
    const profile = addProfile(home, `p${count}`);
    await writeGatewayState(gatewayState({ updated_at: new Date(Date.now() - 20_000).toISOString() }), {
      home: profile,
    });
  }
  const { volume } = watchVolume(home);
  volume.poll();
  expect(volume.views().filter((view) => view.gateway_running)).toHaveLength(100);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15_000 });
  onTestFinished(() => void vi.useRealTimers());
  for (let count = 0; count < 3; count += 1) volume.poll();
  expect(volume.views().filter((view) => view.gateway_running)).toHaveLength(0);
});

test('a clock that was ahead for a while ends no drain: it is in force again when the clock is right', async () => {
  const home = temporaryHome();
  await writeDrainRequest({ home });
  const { volume } = watchVolume(home);
  const draining = () => volume.views()[0]?.draining;
  volume.poll();
  expect(draining()).toBe(true);
  const right = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  vi.setSystemTime(right + 2 * 86_400_000);
  volume.poll();
  expect(draining()).toBe(false);
  vi.setSystemTime(right);
  volume.poll();
  expect(draining()).toBe(true);
});

test('a clock that is set back does not silence the progress of a turn', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const right = Date.now();
  vi.setSystemTime(right + 2 * 86_400_000);
  const home = temporaryHome();
  const { volume, changes } = watchVolume(home);
  const state = gatewayState({ active_agents: 1, start_time: processStartTime() ?? 0 });
  const progress = async (count: number) => {
    const last_progress_at = new Date(right + count).toISOString();
    const active_work = [{ ...turnInFlight('1'), started_at: state.started_at, last_progress_at }];
    await writeGatewayState({ ...state, active_work }, { home });
    volume.poll();
  };
  await progress(0);
  vi.setSystemTime(right);
  vi.advanceTimersByTime(1_000);
  const before = changes.length;
  await progress(1);
  expect(changes).toHaveLength(before + 1);
});
