import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileSighting } from '../files/sighting.ts';
import { markerOf } from '../testing/markers.ts';
import { formatIsoDateTime } from '../time.ts';
import { parseMarker } from './parse.pure.ts';
import { drainVerdict, isDrainHeld, judgeMarker, MAX_AHEAD_MS } from './verdict.pure.ts';

const FIELDS = [
  'action',
  'requested_at',
  'epoch',
  'suppress_notification',
  'max_age_seconds',
  'refuse_after',
  'reason',
  '__proto__',
];
const DAY = 86_400_000;
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
  { weight: 1, arbitrary: fc.string().map((code): FileSighting => ({ kind: 'unavailable', code })) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('bytes' as const), bytes: anyBytes, mtimeMs: anyTime }) },
);
const anyEpoch = fc.oneof(fc.constantFrom('', 'boot:1', 'boot:2'), fc.string());

describe('the verdict', () => {
  it('exists whatever the bytes, the mtime, the epoch and the clock', () => {
    fc.assert(
      fc.property(anySighting, anyEpoch, anyTime, (marker, epoch, now) => {
        const verdict = drainVerdict({ marker, epoch, now });
        const active = ['current', 'no-epoch', 'epoch-unknown', 'corrupt'].includes(verdict.reason);
        const inactive = ['absent', 'unreadable', 'unavailable', 'stale-epoch', 'expired', 'announced'].includes(
          verdict.reason,
        );
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

  // A date that no clock can have written yet does not count until then, so that time can make it one.
  it('never becomes active by the passing of time, unless it was announced or a time of the marker was further ahead than clocks differ', () => {
    const clock = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: YEAR_9999 }));
    fc.assert(
      fc.property(anySighting, anyEpoch, clock, clock, (marker, epoch, a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const before = drainVerdict({ marker, epoch, now: first });
        const becomesActive = !isDrainHeld(before) && drainVerdict({ marker, epoch, now: last }).active;
        const parsed = parseMarker(marker);
        const times = 'mtimeMs' in parsed ? [parsed.requestedAt ?? 0, parsed.mtimeMs] : [];
        expect(becomesActive && !times.some((time) => time > first + MAX_AHEAD_MS)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('never lasts longer than a day and the difference of clocks from now on, whatever the marker says', () => {
    const now = fc.integer({ min: YEAR_2001, max: YEAR_9999 });
    const time = fc
      .tuple(now, fc.integer({ min: -2 * DAY, max: 2 * DAY }))
      .map(([at, off]) => ({ at, time: at + off }));
    fc.assert(
      fc.property(
        time,
        fc.integer({ min: -2 * DAY, max: 2 * DAY }),
        fc.jsonValue(),
        ({ at, time: date }, age, maxAge) => {
          const fields = { requested_at: formatIsoDateTime(date), max_age_seconds: maxAge };
          const verdict = drainVerdict({ marker: markerOf(fields, at - age), epoch: '', now: at });
          if (verdict.active) expect(verdict.expiresAt).toBeLessThanOrEqual(at + MAX_AHEAD_MS + DAY);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of a marker with a lead turns from announced to active at its instant, never back, and not later than a lead allows', () => {
    const begin = fc.integer({ min: YEAR_2001, max: YEAR_9999 });
    const seconds = fc.integer({ min: -700_000, max: 1_400_000 });
    fc.assert(
      fc.property(begin, seconds, seconds, seconds, (since, lead, a, b) => {
        const fields = { requested_at: formatIsoDateTime(since), refuse_after: formatIsoDateTime(since + lead) };
        const marker = markerOf(fields);
        const [first, last] = [since + Math.min(a, b), since + Math.max(a, b)].map((now) =>
          drainVerdict({ marker, epoch: '', now }),
        );
        if (first?.active) expect(last?.active).toBe(true);
        if (last?.reason === 'announced') {
          expect(lead).toBeLessThanOrEqual(600_000);
          expect(drainVerdict({ marker, epoch: '', now: since + lead - 1 }).reason).toBe('announced');
          expect(drainVerdict({ marker, epoch: '', now: since + lead }).active).toBe(true);
        }
      }),
    );
  });

  it('of a look that failed is unknown, with the reason of the failure', () => {
    fc.assert(
      fc.property(fc.string(), anyEpoch, anyTime, (code, epoch, now) => {
        const verdict = drainVerdict({ marker: { kind: 'unavailable', code }, epoch, now });
        expect(verdict).toEqual({ active: false, reason: 'unavailable', code });
      }),
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
