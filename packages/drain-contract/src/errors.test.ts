import { describe, expect, it } from 'vitest';
import { ContractError, type ContractErrorCode, fileError, mountPointError } from './errors.ts';

describe('fileError', () => {
  it.each<[errno: string, code: ContractErrorCode, cure: RegExp]>([
    ['ENOENT', 'home_missing', /create it/],
    ['ENOTDIR', 'home_missing', /HERMES_HOME/],
    ['EACCES', 'not_writable', /write access/],
    ['EPERM', 'not_writable', /write access/],
    ['EROFS', 'not_writable', /remount/],
    ['ENOSPC', 'no_space', /free some space/],
    ['EDQUOT', 'no_space', /free some space/],
    ['EISDIR', 'not_a_file', /remove it/],
    ['EXDEV', 'mount_point', /mount one volume for the whole directory/],
    ['EIO', 'io', /unexpected failure/],
  ])('tells %s as %s, with the path, the cure and the cause', (errno, code, cure) => {
    const cause = Object.assign(new Error('low level'), { code: errno });
    const error = fileError('write', '/srv/home/file', cause);
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ name: 'ContractError', code, cause });
    expect(error.message).toMatch(cure);
    expect(error.message).toContain('cannot write /srv/home/file: ');
    expect(error.message).toContain(`(${errno})`);
  });

  it('says of a mount point that it does not pass by itself, and of others nothing', () => {
    const cause = Object.assign(new Error('low level'), { code: 'EBUSY' });
    const error = mountPointError('write', '/srv/home/file', cause);
    expect(error).toMatchObject({ code: 'mount_point', temporary: false, cause });
    expect(error.message).toBe(
      'cannot write /srv/home/file: expected a file that can be replaced, found a mount point (EBUSY); mount the directory that the file is in, not the file',
    );
    expect(fileError('write', '/x', cause)).toMatchObject({ code: 'unavailable', temporary: undefined });
  });

  it('has words for an error without a code, too', () => {
    expect(fileError('read', '/x', new Error('?'))).toMatchObject({ code: 'io' });
  });
});
