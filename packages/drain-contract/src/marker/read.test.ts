import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@hermes/test-kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentInstantiationEpoch } from '../epoch/epoch.ts';
import { drainRequestPath } from './path.ts';
import { drainNotificationSuppressed, drainRequested, readDrainRequest, readDrainVerdict } from './read.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function homeWith(text?: string): string {
  const home = temporaryDirectory();
  if (text !== undefined) writeFileSync(drainRequestPath({ home }), text);
  return home;
}

describe('readDrainRequest', () => {
  it('has nothing when there is no marker, or none that can be read', () => {
    const home = homeWith();
    expect(readDrainRequest({ home })).toBeUndefined();
    mkdirSync(drainRequestPath({ home }));
    expect(readDrainRequest({ home })).toBeUndefined();
  });

  it.each(['', '{', '[]', 'null', '"x"'])('has an empty object for the corrupt marker %j', (text) => {
    expect(readDrainRequest({ home: homeWith(text) })).toEqual({});
  });

  it('has every field of a marker, also one that it does not know', () => {
    expect(readDrainRequest({ home: homeWith('{"principal":"nas","new":[1]}') })).toEqual({
      principal: 'nas',
      new: [1],
    });
  });
});

describe('the marker on disk', () => {
  it('is found in HERMES_HOME when no home is named', () => {
    const home = homeWith('{}');
    vi.stubEnv('HERMES_HOME', home);
    expect(drainRequestPath()).toBe(join(home, '.drain_request.json'));
    expect(drainRequested()).toBe(true);
  });

  it('counts by its mtime when it does not say when it was requested', () => {
    const home = homeWith('{}');
    utimesSync(drainRequestPath({ home }), 1_000, 1_000);
    expect(readDrainVerdict({ home, now: 1_000_000 + 3_600_000 }).reason).toBe('no-epoch');
    expect(readDrainVerdict({ home, now: 1_000_000 + 3_600_001 }).reason).toBe('expired');
    expect(drainRequested({ home })).toBe(false);
  });

  it('is judged by the epoch of this process when none is named', () => {
    const home = homeWith(JSON.stringify({ epoch: currentInstantiationEpoch() }));
    expect(readDrainVerdict({ home }).reason).toBe('current');
    expect(readDrainVerdict({ home, epoch: 'another' }).reason).toBe('stale-epoch');
    expect(readDrainVerdict({ home, epoch: '' }).reason).toBe('epoch-unknown');
  });

  it('does not drain a gateway through a link', () => {
    const home = homeWith();
    writeFileSync(join(home, 'target'), '{}');
    symlinkSync('target', drainRequestPath({ home }));
    expect(readDrainVerdict({ home })).toEqual({ active: false, reason: 'unreadable', code: 'ELOOP' });
  });
});

describe('drainNotificationSuppressed', () => {
  it.each<[what: string, text: string | undefined, suppressed: boolean]>([
    ['is false without a marker', undefined, false],
    ['is true for a drain that asks for quiet', '{"suppress_notification":true}', true],
    ['is false for a drain that does not', '{"suppress_notification":false}', false],
    ['is false for a drain that says nothing about it', '{}', false],
    ['is false for a corrupt marker', '{"suppress_notification":true', false],
    ['is false for a stale marker', '{"suppress_notification":true,"epoch":"an earlier boot"}', false],
    ['is false for an expired one', '{"suppress_notification":true,"requested_at":"2020-01-01T00:00:00Z"}', false],
  ])('%s', (_what, text, suppressed) => {
    expect(drainNotificationSuppressed({ home: homeWith(text) })).toBe(suppressed);
  });
});
