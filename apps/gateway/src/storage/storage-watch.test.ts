import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { HomeDirectory } from './home-directory.ts';
import { StorageHealth } from './storage-health.ts';
import { StorageWatch } from './storage-watch.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function watched() {
  const path = join(temporaryDirectory(), 'home');
  mkdirSync(path);
  const home = new HomeDirectory(path);
  onTestFinished(() => home[Symbol.dispose]());
  const health = new StorageHealth();
  return { path, health, watch: new StorageWatch(health, home, []) };
}

it('checks the home for a message, unless it has been checked within 10 ms', () => {
  const { path, health, watch } = watched();
  expect(watch.wasHomeGone()).toBe(false);
  renameSync(path, `${path}-moved`);
  vi.advanceTimersByTime(9);
  expect([watch.wasHomeGone(), health.problem]).toEqual([false, undefined]);
  vi.advanceTimersByTime(1);
  expect([watch.wasHomeGone(), health.problem]).toEqual([true, expect.stringContaining('was moved or unmounted')]);
});

it('notices a return only when it looks at everything, after which the marker is read', () => {
  const { path, health, watch } = watched();
  renameSync(path, `${path}-moved`);
  expect(watch.isHomeGone()).toBe(true);
  const back = vi.fn();
  watch.on('back', back);
  renameSync(`${path}-moved`, path);
  vi.advanceTimersByTime(10);
  expect([watch.wasHomeGone(), watch.isHomeGone()]).toEqual([true, true]);
  watch.look();
  expect([watch.wasHomeGone(), health.problem, back.mock.calls.length]).toEqual([false, undefined, 1]);
});
