import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');

describe('retryAfterMs', () => {
  it.each<[header: string | null, ms: number | undefined]>([
    ['0', 0],
    [' 7 ', 7_000],
    ['999999999', 3_600_000],
    ['Sat, 21 Nov 2026 00:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 00:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2026 00:00:00 GMT', 0],
    ['Mon, 21 Nov 2050 00:00:00 GMT', 3_600_000],
    ['soon', undefined],
    ['Soon enough', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['', undefined],
    [null, undefined],
  ])('of %j is %j', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
