import { describe, expect, it } from 'vitest';
import { judgeSpace, type Space, tellSpace } from './space.ts';

const MIB = 1024 ** 2;
const roomy: Space = { bytes: 10_000 * MIB, freeBytes: 5_000 * MIB, inodes: 100_000, freeInodes: 50_000 };

describe('the space of a file system', () => {
  it.each<[Partial<Space>, string]>([
    [{}, 'enough'],
    [{ freeBytes: 0 }, 'full'],
    [{ freeBytes: MIB - 1 }, 'full'],
    [{ freeInodes: 0 }, 'full'],
    [{ freeInodes: 15 }, 'full'],
    [{ inodes: 0, freeInodes: 0 }, 'enough'],
    [{ bytes: 0, freeBytes: 0 }, 'enough'],
    [{ bytes: 0, freeBytes: 0, freeInodes: 0 }, 'full'],
    [{ freeBytes: 499 * MIB }, 'nearly full'],
    [{ freeBytes: 500 * MIB }, 'enough'],
    [{ freeInodes: 4_999 }, 'nearly full'],
    [{ freeInodes: 5_000 }, 'enough'],
    [{ bytes: 1_000_000 * MIB, freeBytes: 2_000 * MIB }, 'enough'],
    [{ inodes: 10_000_000, freeInodes: 20_000 }, 'enough'],
    [{ bytes: 64 * MIB, freeBytes: 60 * MIB, inodes: 50, freeInodes: 40 }, 'enough'],
  ])('with %j is %s', (left, verdict) => {
    expect(judgeSpace({ ...roomy, ...left })).toBe(verdict);
  });

  it('is reported with its inodes where those run out', () => {
    expect(tellSpace(roomy)).toBe('5000 MiB of 10000 MiB and 50000 of 100000 inodes free');
    expect(tellSpace({ ...roomy, inodes: 0, freeInodes: 0 })).toBe('5000 MiB of 10000 MiB free');
    expect(tellSpace({ bytes: 0, freeBytes: 0, inodes: 0, freeInodes: 0 })).toBe('no limit of bytes');
  });
});
