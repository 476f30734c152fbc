import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BootLogEntry, formatBootLogLine, parseBootLogLine } from './boot-log-line.ts';

const entry = (fields: Partial<BootLogEntry>): BootLogEntry => ({
  at: '2026-01-02T03:04:05.678000+00:00',
  profile: 'support',
  prior_state: 'running',
  action: 'started',
  prior_exit: null,
  desired: null,
  reason: null,
  ...fields,
});

describe('a line of the boot log', () => {
  it.each([
    [entry({}), 'profile=support prior_state=running action=started desired=None'],
    [
      entry({ prior_state: null, action: 'registered' }),
      'profile=support prior_state=None action=registered desired=None',
    ],
    [
      entry({ profile: 'Bad Name', prior_state: null, action: 'skipped', reason: 'say "why"' }),
      'profile="Bad Name" prior_state=None action=skipped desired=None reason="say \\"why\\""',
    ],
    [
      entry({ prior_exit: 'SIGTERM', desired: 'running' }),
      'profile=support prior_state=running action=started prior_exit=SIGTERM desired=running',
    ],
    [entry({ desired: 'running' }), 'profile=support prior_state=running action=started desired=running'],
    [
      entry({ prior_state: 'x\nprofile=evil' }),
      'profile=support prior_state="x\\nprofile=evil" action=started desired=None',
    ],
    [
      entry({ profile: '\u001b[2J\u0085é' }),
      'profile="\\u001b[2J\\u0085\\u00e9" prior_state=running action=started desired=None',
    ],
  ])('tells %j', (given, line) => {
    expect(formatBootLogLine(given)).toBe(`${given.at} ${line}`);
  });

  it('is one line of printable ASCII and is read back as it was, whatever the volume holds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const anyEntry = fc.record({
      at: fc.constant('2026-01-02T03:04:05+00:00'),
      profile: text,
      prior_state: fc.option(text),
      desired: fc.constantFrom('running', 'stopped', null),
      action: fc.constantFrom('started', 'registered', 'kept', 'skipped'),
      prior_exit: fc.option(text),
      reason: fc.option(text),
    });
    fc.assert(
      fc.property(anyEntry, (given) => {
        const line = formatBootLogLine(given);
        expect(line).toMatch(/^[\x20-\x7e]+$/);
        expect(parseBootLogLine(line)).toEqual(given);
      }),
    );
  });

  it('is bounded', () => {
    expect(formatBootLogLine(entry({ prior_state: 'x'.repeat(60_000) })).length).toBeLessThan(1_000);
  });

  it('is read when the reference system wrote it', () => {
    expect(parseBootLogLine('2026-05-29T06:31:32+0000 profile=foo prior_state=None action=registered')).toEqual({
      at: '2026-05-29T06:31:32+0000',
      profile: 'foo',
      prior_state: null,
      action: 'registered',
      prior_exit: null,
      desired: null,
      reason: null,
    });
    const line = '2026-05-29T06:31:32+0000 profile=foo prior_state=running action=started prior_exit=';
    expect(parseBootLogLine(`${line}signal`)).toMatchObject({ action: 'started', prior_exit: 'signal' });
    expect(parseBootLogLine(`${line}None`)).toMatchObject({ action: 'started', prior_exit: null });
  });

  it.each([
    '2026-01-01T00:00:00Z profile=a prior_state=None action=started\u001b]0;OWNED\u0007',
    '2026-01-01T00:00:00Z\u009b2J profile=a prior_state=None action=started',
    '2026-01-01T00:00:00Z profile=a prior_state=None action=\u202estarted',
  ])('is not a line with something else than a word in the place of one: %j', (line) => {
    expect(parseBootLogLine(line)).toBeUndefined();
  });

  it.each(['', 'garbage', '2026 profile=a', '2026 profile=a prior_state=b', 'x profile=a prior_state=b action=c d'])(
    'is not %j',
    (line) => {
      expect(parseBootLogLine(line)).toBeUndefined();
    },
  );
});
