import { describe, expect, it } from 'vitest';
import type { FileSighting } from '../files/sighting.ts';
import { markerOf, sightingOf } from '../testing/markers.ts';
import { type DrainVerdict, drainVerdict } from './verdict.pure.ts';

const T = Date.UTC(2026, 0, 2, 3, 4, 5);
const ISO = '2026-01-02T03:04:05+00:00';
const HOUR = 3_600_000;
const MINE = 'boot:1';

/** In words: `active current`, `inactive stale-epoch`, and so on. */
const describeVerdict = ({ active, reason }: DrainVerdict) => `${active ? 'active' : 'inactive'} ${reason}`;

const judge = (marker: FileSighting, { epoch = MINE, now = T } = {}) =>
  describeVerdict(drainVerdict({ marker, epoch, now }));

describe('the verdict', () => {
  const young = { requested_at: ISO };
  it.each<[what: string, marker: FileSighting, context: { epoch?: string; now?: number }, verdict: string]>([
    ['nothing', { kind: 'absent' }, {}, 'inactive absent'],
    ['a file that may not be read', { kind: 'unreadable', code: 'EACCES' }, {}, 'inactive unreadable'],
    ['a directory', { kind: 'unreadable', code: 'EISDIR' }, {}, 'inactive unreadable'],
    ['a broken disk', { kind: 'unavailable', code: 'EIO' }, {}, 'inactive unavailable'],
    ['bytes that are no JSON object', sightingOf('{"action":', T), {}, 'active corrupt'],
    ['such bytes, too old', sightingOf('{"action":', T - HOUR - 1), {}, 'inactive expired'],
    ['another epoch', markerOf({ ...young, epoch: 'boot:2' }), {}, 'inactive stale-epoch'],
    ['another epoch, too old as well', markerOf({ epoch: 'boot:2' }), {}, 'inactive stale-epoch'],
    ['the current epoch', markerOf({ ...young, epoch: MINE }), {}, 'active current'],
    ['the current epoch, too old', markerOf({ ...young, epoch: MINE }), { now: T + HOUR + 1 }, 'inactive expired'],
    ['no epoch', markerOf(young), {}, 'active no-epoch'],
    ['no epoch, too old', markerOf(young), { now: T + HOUR + 1 }, 'inactive expired'],
    ['no epoch, where the current one is unknown', markerOf(young), { epoch: '' }, 'active no-epoch'],
    [
      'any epoch, where the current one is unknown',
      markerOf({ ...young, epoch: 'x' }),
      { epoch: '' },
      'active epoch-unknown',
    ],
    ['the same, too old', markerOf({ epoch: 'x' }), { epoch: '', now: HOUR + 1 }, 'inactive expired'],
  ])('on %s is as the table says', (_what, marker, context, verdict) => {
    expect(judge(marker, context)).toBe(verdict);
  });

  it('on an unreadable marker names the reason', () => {
    const verdict = drainVerdict({ marker: { kind: 'unreadable', code: 'EACCES' }, epoch: MINE, now: T });
    expect(verdict).toEqual({ active: false, reason: 'unreadable', code: 'EACCES' });
  });

  it('hands on the body, the checked fields and the last active instant', () => {
    const body = { requested_at: ISO, epoch: MINE, principal: 'ops\u0007', max_age_seconds: 60, extra: [1] };
    expect(drainVerdict({ marker: markerOf(body), epoch: MINE, now: T })).toEqual({
      active: true,
      reason: 'current',
      body,
      request: {
        request_id: null,
        principal: 'ops',
        reason: null,
        requested_at: ISO,
        suppress_notification: false,
        max_age_seconds: 60,
        refuse_after: null,
      },
      expiresAt: T + 60_000,
    });
  });
});

describe('a drain that refuses later', () => {
  const lead = (refuse_after: unknown, more = {}) => markerOf({ requested_at: ISO, refuse_after, ...more });
  const LATER = '2026-01-02T03:04:35+00:00';

  it.each<[what: string, marker: FileSighting, now: number, verdict: string]>([
    ['before its time', lead(LATER), T, 'inactive announced'],
    ['a millisecond before', lead(LATER), T + 29_999, 'inactive announced'],
    ['at its time', lead(LATER), T + 30_000, 'active no-epoch'],
    ['after it', lead(LATER), T + 30_001, 'active no-epoch'],
    ['in another epoch', lead(LATER, { epoch: 'boot:2' }), T, 'inactive stale-epoch'],
    ['once it has expired', lead(LATER, { max_age_seconds: 1 }), T + 1_001, 'inactive expired'],
    ['with the longest lead and clocks that differ', lead('2026-01-02T03:14:05Z'), T, 'inactive announced'],
    ['with a lead beyond that', lead('2026-01-02T03:14:05.001Z'), T, 'active no-epoch'],
    ['with a lead beyond that, as time passes', lead('2026-01-02T03:24:05Z'), T + 1_100_000, 'active no-epoch'],
    ['with a year ahead', lead('2027-01-02T03:04:05Z'), T, 'active no-epoch'],
    ['with no date-time', lead('in a minute'), T, 'active no-epoch'],
    ['with a number', lead(T + 30_000), T, 'active no-epoch'],
    ['with null', lead(null), T, 'active no-epoch'],
  ])('%s', (_what, marker, now, verdict) => {
    expect(judge(marker, { now })).toBe(verdict);
  });

  it('says until when, and when it would expire', () => {
    expect(drainVerdict({ marker: lead(LATER, { request_id: 'r' }), epoch: MINE, now: T })).toMatchObject({
      active: false,
      reason: 'announced',
      request: { request_id: 'r', refuse_after: LATER },
      refuseAfter: T + 30_000,
      expiresAt: T + HOUR,
    });
  });
});

describe('the age of a marker', () => {
  it('may be exactly the limit, and not a millisecond more', () => {
    expect(judge(markerOf({ requested_at: ISO }), { now: T + HOUR })).toBe('active no-epoch');
    expect(judge(markerOf({ requested_at: ISO }), { now: T + HOUR + 1 })).toBe('inactive expired');
    expect(judge(sightingOf('', T), { now: T + HOUR })).toBe('active corrupt');
    expect(judge(sightingOf('', T), { now: T + HOUR + 1 })).toBe('inactive expired');
  });

  it.each<[maxAge: unknown, seconds: number]>([
    [1, 1],
    [1.001, 1.001],
    [90.5, 90.5],
    [86_400, 86_400],
    [0.999, 3_600],
    [86_400.001, 3_600],
    [0, 3_600],
    [-5, 3_600],
    [1e300, 3_600],
    ['60', 3_600],
    [true, 3_600],
    [null, 3_600],
    [[60], 3_600],
    [{}, 3_600],
    [undefined, 3_600],
  ])('is limited by a max_age_seconds of %j to %d s', (maxAge, seconds) => {
    const marker = markerOf({ requested_at: ISO, max_age_seconds: maxAge });
    const limit = Math.round(seconds * 1000);
    expect(judge(marker, { now: T + limit })).toBe('active no-epoch');
    expect(judge(marker, { now: T + limit + 1 })).toBe('inactive expired');
  });

  it.each<[requestedAt: unknown, since: 'itself' | 'the mtime']>([
    ['2026-01-02T03:04:05', 'itself'],
    ['2026-01-02T03:04:05.000000', 'itself'],
    ['2026-01-02T03:04:05Z', 'itself'],
    ['2026-01-02T03:04:05.000+00:00', 'itself'],
    ['2026-01-02T05:34:05+02:30', 'itself'],
    ['2026-01-01T22:04:05-05:00', 'itself'],
    ['2026-01-02 03:04:05', 'the mtime'],
    ['2026-01-02', 'the mtime'],
    ['20260102T030405Z', 'the mtime'],
    ['2026-02-30T03:04:05Z', 'the mtime'],
    ['2026-01-02T03:04:05+0000', 'the mtime'],
    [' 2026-01-02T03:04:05Z', 'the mtime'],
    ['Fri, 02 Jan 2026 03:04:05 GMT', 'the mtime'],
    ['x', 'the mtime'],
    ['', 'the mtime'],
    [T, 'the mtime'],
    [null, 'the mtime'],
    [[ISO], 'the mtime'],
    [undefined, 'the mtime'],
  ])('with requested_at %j counts from %s', (requestedAt, since) => {
    const mtime = T - 1000;
    const verdict = drainVerdict({ marker: markerOf({ requested_at: requestedAt }, mtime), epoch: MINE, now: T });
    expect(verdict).toMatchObject({ active: true, expiresAt: (since === 'itself' ? T : mtime) + HOUR });
  });

  it('is below zero for a date a little ahead, which is honoured', () => {
    const marker = markerOf({ requested_at: '2026-01-02T03:09:05Z' });
    expect(drainVerdict({ marker, epoch: MINE, now: T })).toMatchObject({ expiresAt: T + 300_000 + HOUR });
    expect(judge(markerOf({}, T + 300_000))).toBe('active no-epoch');
  });

  it('is that of the file for a date further ahead, which no clock that is right can have written', () => {
    const ahead = { requested_at: '2026-01-02T03:09:05.001Z' };
    const verdict = drainVerdict({ marker: markerOf(ahead, T - 1_000), epoch: MINE, now: T });
    expect(verdict).toMatchObject({ active: true, expiresAt: T - 1_000 + HOUR });
  });

  it('does not keep a marker for a day that was begun a day ahead before the clock was set back', () => {
    const ahead = { requested_at: '2026-01-03T03:04:05Z', max_age_seconds: 5 };
    expect(judge(markerOf(ahead, T - 6_000))).toBe('inactive expired');
    expect(judge(markerOf(ahead, T + 24 * HOUR))).toBe('inactive expired');
    expect(judge(sightingOf('{', T + 24 * HOUR))).toBe('inactive expired');
    expect(judge(markerOf({}, T + 300_001))).toBe('inactive expired');
  });
});

describe('truth in a marker is that of the reference system', () => {
  // Each in an array of its own, so that the titles show arrays as they are.
  const absent: [value: unknown][] = [[''], [0], [null], [false], [[]], [{}], [undefined]];
  const present: [value: unknown][] = [
    ['x'],
    ['0'],
    ['false'],
    [' '],
    [1],
    [-1],
    [0.5],
    [[0]],
    [[[]]],
    [{ a: 1 }],
    [{ a: null }],
    [true],
  ];

  it.each(absent)('so an epoch %j is none', (epoch) => {
    expect(judge(markerOf({ requested_at: ISO, epoch }))).toBe('active no-epoch');
  });

  it.each(present)('so an epoch %j is one, and another one than ours', (epoch) => {
    expect(judge(markerOf({ requested_at: ISO, epoch }))).toBe('inactive stale-epoch');
  });

  it.each(absent)('so a suppress_notification of %j asks for nothing', (flag) => {
    const verdict = drainVerdict({ marker: markerOf({ suppress_notification: flag }, T), epoch: MINE, now: T });
    expect(verdict.request?.suppress_notification).toBe(false);
  });

  it.each(present)('so a suppress_notification of %j asks for quiet', (flag) => {
    const verdict = drainVerdict({ marker: markerOf({ suppress_notification: flag }, T), epoch: MINE, now: T });
    expect(verdict.request?.suppress_notification).toBe(true);
  });
});
