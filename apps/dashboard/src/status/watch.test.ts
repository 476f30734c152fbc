import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearDrainRequest, type Profile, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { afterEach, expect, test, vi } from 'vitest';
import { gatewayState } from '../testing/gateway.ts';
import { temporaryHome } from '../testing/home.ts';
import type { ProfileStatus } from './read.ts';
import { ProfileWatches } from './watch.ts';

afterEach(() => void vi.useRealTimers());

test('sees the marker and the state of the gateway come and go', async () => {
  const profile = newProfile();
  const seen = listen(new ProfileWatches(), profile);
  await writeDrainRequest({ home: profile.home });
  await eventually(() => expect(seen.last?.verdict.active).toBe(true));
  await writeGatewayState(gatewayState(), { home: profile.home });
  await eventually(() => expect(seen.last?.gateway.live).toBe(true));
  await clearDrainRequest({ home: profile.home });
  await eventually(() => expect(seen.last?.verdict.active).toBe(false));
  seen.stop();
});

test('other files of the profile trigger no change', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const profile = newProfile();
  const seen = listen(new ProfileWatches(), profile);
  writeFileSync(join(profile.home, 'gateway.db'), '');
  await writeDrainRequest({ home: profile.home });
  await eventually(() => expect(seen.last).toBeDefined());
  expect(seen.looks.every((look) => look.verdict.active)).toBe(true);
  seen.stop();
});

test('the poll alone is enough when there are no events', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const profile: Profile = { name: 'default', home: join(newProfile().home, 'missing') };
  const seen = listen(new ProfileWatches(), profile);
  vi.advanceTimersByTime(500);
  expect(seen.last?.verdict).toMatchObject({ active: false, reason: 'absent' });
  seen.stop();
});

test('a home that disappears while it is watched causes no error', async () => {
  const profile = newProfile();
  const seen = listen(new ProfileWatches(), profile);
  rmSync(profile.home, { recursive: true });
  await eventually(() => expect(seen.last).toBeDefined());
  expect(seen.last?.gateway.state).toBeUndefined();
  seen.stop();
});

test('one watch serves all who listen, and ends with the last of them', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const profile = newProfile();
  const watches = new ProfileWatches();
  const [first, second] = [listen(watches, profile), listen(watches, profile)];
  expect([watches.size, vi.getTimerCount()]).toEqual([1, 1]);
  first.stop();
  first.stop();
  vi.advanceTimersByTime(500);
  expect([first.looks.length, second.looks.length]).toEqual([0, 1]);
  second.stop();
  expect([watches.size, vi.getTimerCount()]).toEqual([0, 0]);
  const third = listen(watches, profile);
  first.stop();
  expect(watches.size).toBe(1);
  third.stop();
});

function newProfile(): Profile {
  return { name: 'default', home: temporaryHome() };
}

function listen(watches: ProfileWatches, profile: Profile) {
  const looks: ProfileStatus[] = [];
  const stop = watches.subscribe(profile, (status) => looks.push(status));
  return {
    looks,
    stop,
    get last() {
      return looks.at(-1);
    },
  };
}
