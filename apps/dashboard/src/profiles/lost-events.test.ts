import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import {
  clearDrainRequest,
  gatewayStatePath,
  writeDesiredState,
  writeDrainRequest,
  writeGatewayState,
} from '@hermes/drain-contract';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { gatewayState } from '../testing/gateway.ts';
import { addProfile, temporaryHome } from '../testing/home.ts';
import { ProfileReader } from './read.ts';
import type { ServiceView } from './schemas.ts';
import { VolumeWatch } from './volume.ts';

const PROFILES = 100;

/** Each profile has its turn within so many polls, and a thorough one within so many. */
const A_FEW = 5;
const MANY = 30;

const watches = vi.hoisted(() => ({ areLeft: true }));

vi.mock('node:fs', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:fs')>()),
  watch: () => {
    if (!watches.areLeft) throw Object.assign(new Error('no watch left'), { code: 'ENOSPC' });
    return Object.assign(new EventEmitter(), { close: () => undefined });
  },
}));

let home: string;
let volume: VolumeWatch;
let service: ServiceView | null;

beforeEach(() => {
  home = temporaryHome();
  for (let count = 0; count < PROFILES; count += 1) addProfile(home, `p${count}`);
  service = null;
  volume = new VolumeWatch(new ProfileReader({ home, serviceOf: () => service, restartOf: () => null }));
  onTestFinished(() => volume.close());
  watches.areLeft = true;
});

function viewAfter(polls: number, name: string) {
  for (let poll = 0; poll < polls; poll += 1) volume.poll();
  return volume.views().find((view) => view.name === name);
}

describe.each([
  ['lost', true],
  ['not to be had', false],
])('where events are %s, a few polls find', (_what, areLeft) => {
  beforeEach(() => {
    watches.areLeft = areLeft;
    volume.poll();
  });

  test('a drain that begins and ends', async () => {
    const profile = `${home}/profiles/p77`;
    await writeDrainRequest({ home: profile });
    expect(viewAfter(A_FEW, 'p77')).toMatchObject({ draining: true });
    await clearDrainRequest({ home: profile });
    expect(viewAfter(A_FEW, 'p77')).toMatchObject({ draining: false });
  });

  test('a gateway that comes and dies', async () => {
    const gateway = `${home}/profiles/p42`;
    await writeGatewayState(gatewayState(), { home: gateway });
    expect(viewAfter(A_FEW, 'p42')).toMatchObject({ gateway_running: true });
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeGatewayState(gatewayState({ pid }), { home: gateway });
    expect(viewAfter(A_FEW, 'p42')).toMatchObject({ gateway_running: false });
  });

  test('a desired state', async () => {
    await writeDesiredState('stopped', { home: `${home}/profiles/p0` });
    expect(viewAfter(A_FEW, 'p0')).toMatchObject({ desired_state: 'stopped' });
  });

  test('a profile that comes and goes', () => {
    const profile = addProfile(home, 'new');
    expect(viewAfter(1, 'new')).toMatchObject({ gateway_running: false });
    rmSync(profile, { recursive: true });
    expect(viewAfter(1, 'new')).toBeUndefined();
  });
});

test('a gateway that dies without another word is found, though its file stays as it is', async () => {
  const gateway = `${home}/profiles/p42`;
  await writeGatewayState(gatewayState(), { home: gateway });
  volume.poll();
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('gone'), { code: 'ESRCH' });
  });
  onTestFinished(() => kill.mockRestore());
  expect(viewAfter(A_FEW, 'p42')).toMatchObject({ gateway_running: false });
});

test('a file that is written in place is found by a thorough look', async () => {
  const gateway = `${home}/profiles/p99`;
  await writeGatewayState(gatewayState(), { home: gateway });
  volume.poll();
  writeFileSync(gatewayStatePath({ home: gateway }), JSON.stringify(gatewayState({ active_agents: 3 })));
  expect(viewAfter(MANY, 'p99')).toMatchObject({ active_agents: 3 });
});

test('what makes a directory a profile may come and go later than the directory', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  volume.poll();
  const soul = `${addProfile(home, 'slow')}/SOUL.md`;
  rmSync(soul);
  expect(viewAfter(1, 'slow')).toBeUndefined();
  vi.advanceTimersByTime(4_000);
  writeFileSync(soul, '');
  expect(viewAfter(1, 'slow')).toBeDefined();
  vi.advanceTimersByTime(60_000);
  volume.poll();
  rmSync(soul);
  vi.advanceTimersByTime(30_000);
  expect(viewAfter(1, 'slow')).toBeUndefined();
});

test('tells how long a service has been as it is, though nothing of its profile changes', () => {
  service = { state: 'running', ready: true, pid: 1, seconds: 5, exit_code: null, signal: null };
  volume.poll();
  service = { ...service, seconds: 99 };
  expect(volume.views()[0]?.slot).toMatchObject({ seconds: 99 });
});
