import { describe, expect, it } from 'vitest';
import { isGatewayCommand, parsePidFile, withoutInheritedFields } from './reference.pure.ts';

describe('gateway.pid', () => {
  it.each([
    ['{"pid":7,"kind":"hermes-gateway","argv":[],"start_time":9}', { pid: 7, startTime: 9 }],
    ['{"pid":7}', { pid: 7, startTime: null }],
    ['{"pid":7,"start_time":"9"}', { pid: 7, startTime: null }],
    ['7\n', { pid: 7, startTime: null }],
  ])('%j says %j', (text, record) => {
    expect(parsePidFile(text)).toEqual(record);
  });

  it.each(['', '{', 'null', '[]', '"7"', '0', '-7', '7.5', 'NaN', '{"pid":"7"}'])('%j says nothing', (text) => {
    expect(parsePidFile(text)).toBeUndefined();
  });
});

describe('a command line', () => {
  it.each<[line: string, profile: string]>([
    ['/usr/bin/hermes-gateway run', 'any'],
    ['python3 /opt/hermes gateway run', 'default'],
    ['python3 /opt/hermes -p work gateway run', 'work'],
    ['python3 /opt/hermes gateway run --profile work', 'work'],
    ['hermes --profile=work gateway run', 'work'],
  ])('%j is that of the gateway of %s', (line, profile) => {
    expect(isGatewayCommand(line.split(' '), profile)).toBe(true);
  });

  it.each<[line: string, profile: string]>([
    ['', 'default'],
    ['hermes gateway stop', 'default'],
    ['hermes chat', 'default'],
    ['vim gateway run', 'default'],
    ['hermes -p work gateway run', 'default'],
    ['hermes gateway run', 'work'],
  ])('%j is not that of the gateway of %s', (line, profile) => {
    expect(isGatewayCommand(line.split(' '), profile)).toBe(false);
  });
});

describe('a state that was merged', () => {
  const ours = { epoch: 'earlier', version: '1', drain: {}, active_work: [{ id: 'turn' }], gateway_state: 'running' };

  it('loses what our gateway had left in it', () => {
    const kind = 'hermes-gateway';
    expect(withoutInheritedFields({ ...ours, kind })).toEqual({ kind, gateway_state: 'running', active_work: [] });
    const active_work = [{ kind: 'cron' }, null];
    expect(withoutInheritedFields({ kind, active_work })).toEqual({ kind, active_work });
  });

  it('stays as it is where our gateway has written it', () => {
    expect(withoutInheritedFields(ours)).toBe(ours);
  });
});
