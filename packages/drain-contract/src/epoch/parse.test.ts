import { describe, expect, it } from 'vitest';
import { formatEpoch, parseKernBoottime, parseStartTime } from './parse.pure.ts';

// Fields 3 to 21 of a stat line, then the start time, then some of what follows.
const TAIL = 'S 0 1 1 0 -1 4194560 31643 285968 69 144 61 411 938 624 20 0 12 0 30 42270720 3541';

describe('the start time in a stat line', () => {
  it.each<[what: string, line: string, startTime: string]>([
    ['is field 22', `1 (systemd) ${TAIL}\n`, '30'],
    ['is found behind a name with spaces', `1 (tmux: server 1 2 3) ${TAIL}`, '30'],
    ['is found behind a name with parentheses', `1 ((sd-pam)) ${TAIL}`, '30'],
    ['is found behind a name that looks like the end of a name', `1 (a) S 1 2 (b) ${TAIL}`, '30'],
    ['is found behind a name with a newline', `1 (a\nb) ${TAIL}`, '30'],
    ['is found behind an empty name', `1 () ${TAIL}`, '30'],
    ['is found when it is the last field', `1 (init) ${TAIL.split(' ').slice(0, 20).join(' ')}`, '30'],
    [
      'is kept as text, however large',
      `1 (init) ${TAIL.replace(' 30 ', ' 18446744073709551615 ')}`,
      '18446744073709551615',
    ],
    ['is found behind a name without its beginning', `) ${TAIL}`, '30'],
    ['is missing in a line without a name', ` ${TAIL}`, ''],
    ['is missing when the name does not end before a space', `1 (init)x ${TAIL}`, ''],
    ['is missing when something sticks to it', `1 (init) ${TAIL.replace(' 30 ', ' 30x ')}`, ''],
    ['is missing in a line cut off before it', `1 (init) ${TAIL.split(' ').slice(0, 19).join(' ')}`, ''],
    ['is missing in a line cut off in the name', '1 (ini', ''],
    ['is missing when it is no number', `1 (init) ${TAIL.replace(' 30 ', ' x ')}`, ''],
    ['is missing when it is negative', `1 (init) ${TAIL.replace(' 30 ', ' -30 ')}`, ''],
    ['is missing in an empty file', '', ''],
    ['is missing in anything else', 'hello world', ''],
  ])('%s', (_what, line, startTime) => {
    expect(parseStartTime(line)).toBe(startTime);
  });
});

describe('an epoch', () => {
  it.each([
    ['boot', '30', 'boot:30'],
    ['boot', '', 'boot:'],
    ['', '30', ':30'],
    ['', '', ''],
  ])('of the boot %j and the start time %j is %j', (bootId, startTime, epoch) => {
    expect(formatEpoch(bootId, startTime)).toBe(epoch);
  });
});

describe('the boot time of a Mac', () => {
  it.each([
    ['{ sec = 1700000000, usec = 123456 } Tue Nov 14 22:13:20 2023\n', '1700000000'],
    ['{ usec = 123456, sec = 1700000000 }', '1700000000'],
    ['{ usec = 123456 }', ''],
    ['unknown oid', ''],
    ['', ''],
  ])('is read from %j as %j', (output, seconds) => {
    expect(parseKernBoottime(output)).toBe(seconds);
  });
});
