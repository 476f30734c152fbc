import { ContractError, ServiceError } from '@hermes/drain-contract';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, tellError } from './commands/exit.ts';
import { slotError } from './errors.ts';

const failure = (code: string) => Object.assign(new Error(`${code}: low level, rename 'a' -> 'b'`), { code });

describe('a failed system call', () => {
  it.each<[errno: string, exitCode: number, cure: RegExp]>([
    ['EACCES', 5, /permission denied for uid \d+ \(EACCES\); run it as the owner/],
    ['EPERM', 5, /run it as the owner/],
    ['EROFS', 78, /the file system is read-only; remount it for writing/],
    ['EBUSY', 78, /as a mount point is; unmount it/],
    ['EXDEV', 78, /expected one file system, found two; unmount/],
    ['ENOSPC', 1, /the file system is full; free some space or inodes/],
    ['EDQUOT', 1, /the quota is used up/],
    ['EIO', 1, /EIO: low level/],
  ])('by %s ends with %d and says what to do, without a stack', (errno, exitCode, cure) => {
    const error = slotError('make the slot', failure(errno));
    expect(exitCodeOf(error)).toBe(exitCode);
    expect(tellError(error)).toMatch(cure);
    expect(tellError(error)).toMatch(/^cannot make the slot: .*/);
    expect(tellError(error)).not.toContain('\n');
  });

  it('of a file that is a mount point has the words of the contract', () => {
    const error = slotError('record', new ContractError('mount_point', 'cannot write /x: mount the directory'));
    expect([exitCodeOf(error), tellError(error)]).toEqual([78, 'cannot write /x: mount the directory']);
  });

  it('that has its words already keeps them', () => {
    const error = new ServiceError('timeout', 'late');
    expect(slotError('wait', error)).toBe(error);
  });
});
