import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it } from 'vitest';
import type { SupervisedStatus } from '../s6/status.ts';
import { StatusCache } from './status-cache.ts';

const STATUS: SupervisedStatus = {
  up: true,
  wantedUp: true,
  normallyUp: true,
  ready: true,
  pid: 7,
  exitCode: undefined,
  signal: undefined,
  seconds: 3,
};

/** A slot with a status file, which is replaced as s6-supervise does it. */
function slotWithStatus() {
  const slot = temporaryDirectory();
  mkdirSync(join(slot, 'supervise'));
  const replace = () => {
    writeFileSync(join(slot, 'supervise/status.new'), 'the same bytes');
    renameSync(join(slot, 'supervise/status.new'), join(slot, 'supervise/status'));
  };
  replace();
  return { slot, replace };
}

describe('the status of a slot', () => {
  it('is remembered as long as nothing has changed, and grows older', () => {
    const { slot } = slotWithStatus();
    const cache = new StatusCache();
    cache.keep(slot, cache.stamp(slot), STATUS);
    const found = cache.find(slot, cache.stamp(slot));
    expect(found).toEqual({ ...STATUS, seconds: expect.any(Number) });
    expect(found?.seconds).toBeGreaterThanOrEqual(3);
  });

  it.each<[string, (slot: string, replace: () => void) => void]>([
    ['s6-supervise has written another one, even of the same bytes', (_slot, replace) => replace()],
    ['it has got a down file', (slot) => writeFileSync(join(slot, 'down'), '')],
    ['the supervisor has left nothing', (slot) => rmSync(join(slot, 'supervise'), { recursive: true })],
  ])('is asked for again when %s', (_what, change) => {
    const { slot, replace } = slotWithStatus();
    const cache = new StatusCache();
    cache.keep(slot, cache.stamp(slot), STATUS);
    change(slot, replace);
    expect(cache.find(slot, cache.stamp(slot))).toBeUndefined();
  });

  it('is forgotten with its slot', () => {
    const { slot } = slotWithStatus();
    const cache = new StatusCache();
    cache.keep(slot, cache.stamp(slot), STATUS);
    cache.retain(new Set(['another']));
    expect(cache.find(slot, cache.stamp(slot))).toBeUndefined();
  });
});
