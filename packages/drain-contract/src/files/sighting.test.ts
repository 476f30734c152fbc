import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { failedLook, failedRead } from './sighting.ts';

const LASTING_OF_A_FILE = ['EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENOTREG', 'ENXIO', 'ENOTDIR', 'ENAMETOOLONG'];
const LASTING_OF_A_PATH = ['ENOTDIR', 'ENAMETOOLONG'];
const errnos = Object.keys(constants.errno).filter((name) => name !== 'ENOENT');

describe('a look that failed', () => {
  it.each([failedRead, failedLook])('by ENOENT has found nothing: $name', (found) => {
    expect(found('ENOENT')).toEqual({ kind: 'absent' });
  });

  it.each([...errnos, 'E_OF_TOMORROW'])('by %s lasts only where the reason lies in the file or its path', (code) => {
    expect(failedRead(code)).toEqual({ kind: LASTING_OF_A_FILE.includes(code) ? 'unreadable' : 'unavailable', code });
    expect(failedLook(code)).toEqual({ kind: LASTING_OF_A_PATH.includes(code) ? 'unreadable' : 'unavailable', code });
  });
});
