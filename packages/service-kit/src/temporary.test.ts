import { describe, expect, it } from 'vitest';
import { isTemporary } from './temporary.ts';

const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });
const ofSqlite = (errcode: number) => Object.assign(coded('ERR_SQLITE_ERROR'), { errcode });

describe('what passes by itself', () => {
  it.each([
    'EADDRINUSE',
    'EADDRNOTAVAIL',
    'EAI_AGAIN',
    'ENOSPC',
    'EDQUOT',
    'EIO',
    'ESTALE',
    'EMFILE',
    'ENFILE',
    'ENOMEM',
    'EAGAIN',
    'ERR_WORKER_INIT_FAILED',
  ])('is %s, also as the cause of another error', (code) => {
    expect(isTemporary(coded(code))).toBe(true);
    expect(isTemporary(coded('no_space', new Error('wrapped', { cause: coded(code) })))).toBe(true);
    // As a reader of small files tells it.
    expect(isTemporary({ kind: 'unreadable', code })).toBe(true);
  });

  it.each(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENOTFOUND', 'EAFNOSUPPORT', 'ERR_X'])(
    'is not %s',
    (code) => {
      expect(isTemporary(coded(code))).toBe(false);
      expect(isTemporary(new Error('wrapped', { cause: coded(code) }))).toBe(false);
    },
  );

  it.each([
    ['SQLITE_BUSY', 5, true],
    ['SQLITE_BUSY_SNAPSHOT', 517, true],
    ['SQLITE_LOCKED', 6, true],
    ['SQLITE_NOMEM', 7, true],
    ['SQLITE_READONLY', 8, false],
    ['SQLITE_IOERR_FSYNC', 1034, true],
    ['SQLITE_CORRUPT', 11, false],
    ['SQLITE_FULL', 13, true],
    ['SQLITE_CANTOPEN', 14, false],
    ['SQLITE_PROTOCOL', 15, true],
    ['SQLITE_NOTADB', 26, false],
  ])('includes %s (%d): %s', (_name, errcode, temporary) => {
    expect(isTemporary(ofSqlite(errcode))).toBe(temporary);
  });

  it('is what an error says of itself, whatever caused it', () => {
    expect(isTemporary(Object.assign(coded('EACCES'), { temporary: true }))).toBe(true);
    expect(isTemporary(Object.assign(new Error('', { cause: coded('EIO') }), { temporary: false }))).toBe(false);
  });

  it.each([undefined, null, 'EIO', 5, {}, new Error('EIO'), () => undefined])('is not %j', (value) => {
    expect(isTemporary(value)).toBe(false);
  });

  it('is found out of an endless chain of causes, too', () => {
    const error = new Error('around');
    error.cause = error;
    expect(isTemporary(error)).toBe(false);
  });
});
