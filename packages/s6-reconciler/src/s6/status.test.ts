import { describe, expect, it } from 'vitest';
import { parseStatus } from './status.ts';

const down = { up: false, wantedUp: false, normallyUp: false, ready: false, pid: undefined, signal: undefined };

describe('a line of s6-svstat is read as', () => {
  it.each([
    ['never started', 'false false false false -1 0 NA 1', { ...down, exitCode: 0, seconds: 1 }],
    [
      'up and ready',
      'true true true true 12301 -1 NA 7\n',
      {
        up: true,
        wantedUp: true,
        normallyUp: true,
        ready: true,
        pid: 12301,
        exitCode: undefined,
        signal: undefined,
        seconds: 7,
      },
    ],
    ['failed', 'false false true false -1 78 NA 3', { ...down, normallyUp: true, exitCode: 78, seconds: 3 }],
    [
      'killed, and about to be started again',
      'false true true false -1 -1 SIGKILL 0',
      { ...down, wantedUp: true, normallyUp: true, exitCode: undefined, signal: 'SIGKILL', seconds: 0 },
    ],
  ])('%s', (_what, line, status) => {
    expect(parseStatus(line)).toEqual(status);
  });
});

describe('no status is', () => {
  it.each(['', 'true', 'up (pid 12) 3 seconds', 'true true true true x -1 NA 7', 'true true true true 1 -1 NA 7 8'])(
    '%j',
    (line) => {
      expect(parseStatus(line)).toBeUndefined();
    },
  );
});
