import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatIsoDateTime, parseIsoDateTime } from './time.ts';

const T = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('parseIsoDateTime', () => {
  it.each<[text: unknown, time: number | undefined]>([
    ['2026-01-02T03:04:05.678Z', T],
    ['2026-01-02T03:04:05.678000+00:00', T],
    ['2026-01-02T03:04:05.678999', T],
    ['2026-01-02T08:34:05.678+05:30', T],
    ['2026-01-01T19:04:05.678-08:00', T],
    ['2026-01-02T03:04:05', T - 678],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-01-02T24:00:00Z', undefined],
    ['2026-01-02T03:04:60Z', undefined],
    ['2026-01-02T03:04:05+24:00', undefined],
    ['2026-01-02T03:04:05.678Z\n', undefined],
    ['2026-01-02', undefined],
    ['2026-01-02 03:04:05', undefined],
    ['1767323045', undefined],
    [T, undefined],
    [new Date(T), undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
  ])('reads %j as %s', (text, time) => {
    expect(parseIsoDateTime(text)).toBe(time);
  });

  it('takes a time without an offset for UTC in whatever time zone it runs', () => {
    vi.stubEnv('TZ', 'Asia/Kolkata');
    expect(new Date(T).getTimezoneOffset()).toBe(-330);
    expect(parseIsoDateTime('2026-01-02T03:04:05.678')).toBe(T);
  });
});

describe('formatIsoDateTime', () => {
  it('writes UTC with microseconds and an offset, as Python does', () => {
    expect(formatIsoDateTime(T)).toBe('2026-01-02T03:04:05.678000+00:00');
    expect(formatIsoDateTime(0)).toBe('1970-01-01T00:00:00.000000+00:00');
  });

  it('is read back to the millisecond', () => {
    expect(parseIsoDateTime(formatIsoDateTime(T))).toBe(T);
  });
});
