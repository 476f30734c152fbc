import { describe, expect, it } from 'vitest';
import { parseSpan, parseUnits, variableOf } from './unit-properties.pure.ts';

describe('what systemctl prints', () => {
  it('is read for each unit', () => {
    const output = 'Id=a.service\nActiveState=active\nEnvironment=A=1 B=x=y\n\nId=b.service\nActiveState=failed\n';
    expect(parseUnits(output)).toEqual([
      { Id: 'a.service', ActiveState: 'active', Environment: 'A=1 B=x=y' },
      { Id: 'b.service', ActiveState: 'failed' },
    ]);
    expect(parseUnits('')).toEqual([]);
  });

  it.each([
    ['HERMES_HOME=/var/lib/hermes X=1', '/var/lib/hermes'],
    ['X=1 "HERMES_HOME=/srv/my agents"', '/srv/my agents'],
    ['HERMES_HOME="/srv/a \\"b\\""', '/srv/a "b"'],
    ['NOT_HERMES_HOME=/x', undefined],
    ['', undefined],
  ])('contains the variable in %s', (text, value) => {
    expect(variableOf({ Environment: text }, 'HERMES_HOME')).toBe(value);
  });

  it.each([
    ['1min 30s', 90],
    ['500ms', 0.5],
    ['1h 5s', 3_605],
    ['infinity', Number.POSITIVE_INFINITY],
    ['0', undefined],
    [undefined, undefined],
  ])('has the span %s', (text, seconds) => expect(parseSpan(text)).toBe(seconds));
});
