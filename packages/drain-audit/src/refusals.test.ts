import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AuditRecord } from './entry.ts';
import { Refusals } from './refusals.ts';

const REFUSED: AuditRecord = {
  at: '2026-01-02T03:04:05.000000+00:00',
  principal: 'reader',
  address: '127.0.0.1',
  action: 'drain',
  profile: 'default',
  request_id: null,
  reason: null,
  result: 'refused',
  status: 403,
  detail: 'forbidden',
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function counted() {
  const written: AuditRecord[] = [];
  return { written, refusals: new Refusals((record) => written.push(record)) };
}

test('the first of a kind is written at once, the later ones as a count with what the last one was', () => {
  const { refusals, written } = counted();
  expect(refusals.isFirst(REFUSED)).toBe(true);
  for (const profile of ['a', 'b', 'c']) expect(refusals.isFirst({ ...REFUSED, profile })).toBe(false);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(MINUTE_MS);
  expect(written).toEqual([{ ...REFUSED, profile: 'c', count: 3 }]);
});

test('a single one that came later is written as it was', () => {
  const { refusals, written } = counted();
  refusals.isFirst(REFUSED);
  refusals.isFirst({ ...REFUSED, profile: 'b' });
  vi.advanceTimersByTime(MINUTE_MS);
  expect(written).toEqual([{ ...REFUSED, profile: 'b' }]);
});

test('another principal, action or status is another kind', () => {
  const { refusals } = counted();
  const others = [{}, { principal: 'other' }, { action: 'cancel' as const }, { status: 404 }];
  expect(others.map((other) => refusals.isFirst({ ...REFUSED, ...other }))).toEqual([true, true, true, true]);
});

test.each([1, 61, 600])('one every %i seconds for a day makes fewer than 40 entries', (seconds) => {
  const { refusals, written } = counted();
  let first = 0;
  for (let ms = 0; ms < DAY_MS; ms += seconds * 1_000) {
    if (refusals.isFirst(REFUSED)) first += 1;
    vi.advanceTimersByTime(seconds * 1_000);
  }
  refusals.flush();
  expect(first).toBe(1);
  expect(written.length).toBeLessThan(40);
  const total = written.reduce((sum, { count = 1 }) => sum + count, first);
  expect(total).toBe(Math.ceil(DAY_MS / (seconds * 1_000)));
});

test('after some hours without one, the next is the first again, and nothing is left behind', () => {
  const { refusals, written } = counted();
  refusals.isFirst(REFUSED);
  vi.advanceTimersByTime(6 * 60 * MINUTE_MS);
  expect(vi.getTimerCount()).toBe(0);
  expect(refusals.isFirst(REFUSED)).toBe(true);
  expect(written).toEqual([]);
});

test('what has been counted is written at the end', () => {
  const { refusals, written } = counted();
  for (let count = 0; count < 5; count += 1) refusals.isFirst(REFUSED);
  refusals.flush();
  expect(written).toEqual([{ ...REFUSED, count: 4 }]);
  expect(vi.getTimerCount()).toBe(0);
});
