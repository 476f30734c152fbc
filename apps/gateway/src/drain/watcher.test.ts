import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DrainVerdict } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { markerPath, putMarker } from '../testing/markers.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { MarkerProbe } from './marker-probe.ts';
import { MarkerWatcher } from './watcher.ts';

// The clock stands still unless a test moves it: what is noticed then was noticed by an event.
beforeEach(
  () => void vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] }),
);
afterEach(() => void vi.useRealTimers());

function watching(home: string) {
  const probe = new MarkerProbe(home, 'epoch');
  const changes: DrainVerdict['reason'][] = [];
  probe.on('change', (verdict) => changes.push(verdict.reason));
  const { log, warnings } = quietLog();
  const watcher = new MarkerWatcher(probe, log);
  onTestFinished(() => watcher.stop());
  watcher.start();
  return { watcher, changes, warnings };
}

/** Waits, by the clock of the machine, until `done`. The poll cannot help, since its clock stands still. */
async function soon(done: () => boolean): Promise<void> {
  const bound = performance.now() + 5_000;
  while (!done() && performance.now() < bound) await nextTurn();
  expect(done()).toBe(true);
}

/** What is closed is gone one round of the event loop later. */
async function closed(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

function fileWatches(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'FSEvent' || name === 'FSEventWrap').length;
}

describe('MarkerWatcher', () => {
  it('has looked once when it has started', () => {
    const home = temporaryDirectory();
    putMarker(home);
    expect(watching(home).changes).toEqual(['no-epoch']);
  });

  it('notices by an event when the marker comes, is replaced and goes', async () => {
    const home = temporaryDirectory();
    const { changes } = watching(home);
    putMarker(home);
    await soon(() => changes.length > 0 && changes.at(-1) === 'no-epoch');
    const spare = join(home, 'spare');
    mkdirSync(spare);
    putMarker(spare, { epoch: 'epoch' });
    renameSync(markerPath(spare), markerPath(home));
    await soon(() => changes.at(-1) === 'current');
    rmSync(markerPath(home));
    await soon(() => changes.at(-1) === 'absent');
  });

  it('polls every second for changes without an event, such as a new directory in place of the old one', async () => {
    const home = join(temporaryDirectory(), 'home');
    mkdirSync(home);
    const { changes } = watching(home);
    renameSync(home, `${home}.old`);
    mkdirSync(home);
    putMarker(home);
    await nextTurn();
    expect(changes).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(changes).toEqual(['no-epoch']);
  });

  it('polls only if a directory cannot be watched, and logs that', () => {
    const home = join(temporaryDirectory(), 'home');
    const { changes, warnings } = watching(home);
    expect(warnings).toEqual(['the drain marker cannot be watched; polling it every second']);
    mkdirSync(home);
    putMarker(home);
    vi.advanceTimersByTime(1_000);
    expect(changes).toEqual(['no-epoch']);
  });

  it('notices the end of a marker that lapses between two looks', () => {
    const home = temporaryDirectory();
    putMarker(home, { max_age_seconds: 1.5 });
    const { changes } = watching(home);
    vi.advanceTimersByTime(1_500);
    expect(changes).toEqual(['no-epoch']);
    vi.advanceTimersByTime(1);
    expect(changes).toEqual(['no-epoch', 'expired']);
  });

  it('waits for the new end of a marker that was refreshed', () => {
    const home = temporaryDirectory();
    putMarker(home, { max_age_seconds: 1.5 });
    const { changes } = watching(home);
    vi.advanceTimersByTime(1_000);
    putMarker(home, { max_age_seconds: 1.5 });
    vi.advanceTimersByTime(1_500);
    expect(changes).not.toContain('expired');
    vi.advanceTimersByTime(1);
    expect(changes.at(-1)).toBe('expired');
  });

  it('leaves no timer and no watch behind when it stops', async () => {
    await closed();
    const before = fileWatches();
    const home = temporaryDirectory();
    putMarker(home);
    const { watcher, changes } = watching(home);
    expect(fileWatches()).toBe(before + 1);
    expect(vi.getTimerCount()).toBe(2);
    watcher.stop();
    expect(vi.getTimerCount()).toBe(0);
    await closed();
    expect(fileWatches()).toBe(before);
    rmSync(markerPath(home));
    vi.advanceTimersByTime(10_000);
    expect(changes).toEqual(['no-epoch']);
  });
});
