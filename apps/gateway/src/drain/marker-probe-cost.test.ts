import { openSync, rmSync } from 'node:fs';
import { replaceInFs } from '@hermes/test-kit';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { markerPath, putMarker } from '../testing/markers.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { MarkerProbe } from './marker-probe.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** How often the marker is opened while somebody looks a hundred times. */
function readsOfManyLooks(home: string): number {
  const probe = new MarkerProbe(home, 'epoch');
  const open = vi.fn(openSync);
  onTestFinished(replaceInFs('openSync', open));
  for (let look = 0; look < 100; look++) probe.look();
  return open.mock.calls.filter(([path]) => path === probe.path).length;
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
