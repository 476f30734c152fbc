import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileSighting } from '../files/sighting.ts';
import { markerOf } from '../testing/markers.ts';
import { formatIsoDateTime } from '../time.ts';
import { parseMarker } from './parse.ts';
import { drainVerdict, judgeMarker } from './verdict.ts';

const FIELDS = ['action', 'requested_at', 'epoch', 'suppress_notification', 'max_age_seconds', 'reason', '__proto__'];
const YEAR_2001 = Date.UTC(2001, 0);
const YEAR_9999 = Date.UTC(9999, 0);

const anyTime = fc.oneof(fc.double(), fc.integer({ min: 0, max: YEAR_9999 }));
const isoTime = fc.integer({ min: 0, max: YEAR_9999 }).map(formatIsoDateTime);
const jsonObject = fc
  .dictionary(fc.oneof(fc.constantFrom(...FIELDS), fc.string()), fc.oneof(fc.jsonValue(), isoTime))
  .map((object) => Buffer.from(JSON.stringify(object)));
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json().map((text) => Buffer.from(text)),
  jsonObject,
  fc.tuple(jsonObject, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1))),
);
const anySighting: fc.Arbitrary<FileSighting> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<FileSighting>({ kind: 'absent' }) },
  { weight: 1, arbitrary: fc.string().map((code): FileSighting => ({ kind: 'unreadable', code })) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('bytes' as const), bytes: anyBytes, mtimeMs: anyTime }) },
);
const anyEpoch = fc.oneof(fc.constantFrom('', 'boot:1', 'boot:2'), fc.string());

describe('the verdict', () => {
  it('exists whatever the bytes, the mtime, the epoch and the clock', () => {
    fc.assert(
      fc.property(anySighting, anyEpoch, anyTime, (marker, epoch, now) => {
        const verdict = drainVerdict({ marker, epoch, now });
        const active = ['current', 'no-epoch', 'epoch-unknown', 'corrupt'].includes(verdict.reason);
        const inactive = ['absent', 'unreadable', 'stale-epoch', 'expired'].includes(verdict.reason);
        expect([active, inactive]).toEqual([verdict.active, !verdict.active]);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same when the marker was parsed before', () => {
    fc.assert(
      fc.property(anySighting, anyEpoch, anyTime, (marker, epoch, now) => {
        expect(judgeMarker(parseMarker(marker), epoch, now)).toEqual(drainVerdict({ marker, epoch, now }));
      }),
    );
  });

  it('never becomes active by the passing of time', () => {
    const clock = fc.double({ noNaN: true });
    fc.assert(
      fc.property(anySighting, anyEpoch, clock, clock, (marker, epoch, a, b) => {
        const earlier = drainVerdict({ marker, epoch, now: Math.min(a, b) });
        const later = drainVerdict({ marker, epoch, now: Math.max(a, b) });
        expect(later.active && !earlier.active).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('stays active up to the instant it names, and no longer', () => {
    const seconds = fc.oneof(
      fc.integer({ min: 1_000, max: 86_400_000 }).map((ms) => ms / 1000),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.integer({ min: YEAR_2001, max: YEAR_9999 }), seconds, (since, maxAge) => {
        const marker = markerOf({ requested_at: formatIsoDateTime(since), max_age_seconds: maxAge });
        const limit = since + Math.round((maxAge ?? 3_600) * 1000);
        expect(drainVerdict({ marker, epoch: '', now: limit })).toMatchObject({ active: true, expiresAt: limit });
        expect(drainVerdict({ marker, epoch: '', now: limit + 1 })).toMatchObject({ reason: 'expired' });
      }),
    );
  });

  it('is stale for exactly the epochs that are known, present and different', () => {
    const stamp = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(stamp, anyEpoch, (stamped, epoch) => {
        const { reason } = drainVerdict({ marker: markerOf({ epoch: stamped }), epoch, now: 0 });
        expect(reason).toBe(epoch === '' ? 'epoch-unknown' : stamped === epoch ? 'current' : 'stale-epoch');
      }),
    );
  });
});
