import { rmSync } from 'node:fs';
import { readSmallFile } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { markerPath, putMarker } from '../testing/markers.ts';
import { MarkerProbe } from './marker-probe.ts';

vi.mock('@hermes/drain-contract', { spy: true });

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(readSmallFile).mockClear();
});

/** How often the marker is opened during a hundred reads. */
function readsOfManyLooks(home: string): number {
  const probe = new MarkerProbe(home, 'epoch');
  for (let look = 0; look < 100; look++) probe.look();
  return vi.mocked(readSmallFile).mock.calls.length;
}

it('reads a marker that has settled once, however often it is looked at', () => {
  const home = temporaryDirectory();
  putMarker(home);
  vi.setSystemTime(Date.now() + 1_000);
  expect(readsOfManyLooks(home)).toBe(1);
});

it('reads a fresh marker at every look, since it may change again without a new time', () => {
  const home = temporaryDirectory();
  putMarker(home);
  vi.setSystemTime(Date.now());
  expect(readsOfManyLooks(home)).toBe(100);
});

it('reads nothing where there is no marker', () => {
  const home = temporaryDirectory();
  rmSync(markerPath(home), { force: true });
  expect(readsOfManyLooks(home)).toBe(0);
});
