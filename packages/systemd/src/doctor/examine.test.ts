import { expect, it } from 'vitest';
import { examineUnit, type UnitFacts } from './examine.pure.ts';

const FACTS: UnitFacts = {
  profile: 'support',
  unit: {
    TimeoutStopUSec: '1min 30s',
    WatchdogUSec: '1min',
    NotifyAccess: 'all',
    UnitFileState: 'enabled',
    LimitNOFILE: '524288',
    TasksMax: '4915',
  },
  stopSeconds: 60,
  desired: 'running',
  lingers: true,
};

function found(changes: Partial<UnitFacts>, unit: UnitFacts['unit'] = {}) {
  const findings = examineUnit({ ...FACTS, ...changes, unit: { ...FACTS.unit, ...unit } });
  return Object.fromEntries(findings.filter(({ ok }) => ok !== true).map(({ check, ok, cure }) => [check, [ok, cure]]));
}

it('has no problem with the unit as it is installed', () => {
  expect(found({})).toEqual({});
  expect(examineUnit({ ...FACTS, lingers: undefined }).map(({ check }) => check)).not.toContain('linger');
  expect(found({ stopSeconds: undefined, desired: undefined })).toEqual({});
});

it.each<[string, Partial<UnitFacts>, UnitFacts['unit'], object]>([
  ['a longer stop, which the gateway asks for', { stopSeconds: 300 }, {}, {}],
  [
    'a longer stop, which it cannot ask for',
    { stopSeconds: 300 },
    { NotifyAccess: 'main' },
    {
      'stop timeout': [false, 'NotifyAccess=all, or TimeoutStopSec=305, in a drop-in'],
      watchdog: [false, 'NotifyAccess=all in a drop-in'],
    },
  ],
  ['no watchdog', {}, { WatchdogUSec: 'infinity' }, { watchdog: [null, 'WatchdogSec=60 in a drop-in'] }],
  ['a hasty watchdog', {}, { WatchdogUSec: '3s' }, { watchdog: [null, 'WatchdogSec=60'] }],
  [
    'a boot that forgets it',
    {},
    { UnitFileState: 'disabled' },
    { boot: [false, 'hermes-gateway service start support --user'] },
  ],
  [
    'a boot that starts it',
    { desired: 'stopped', lingers: undefined },
    {},
    { boot: [false, 'hermes-gateway service stop support'] },
  ],
  [
    'few files',
    {},
    { LimitNOFILE: '1024' },
    { limits: [null, 'at least LimitNOFILE=4096 and TasksMax=256 in a drop-in'] },
  ],
  ['no limits', {}, { LimitNOFILE: 'infinity', TasksMax: 'infinity' }, {}],
  ['a user without linger', { lingers: false }, {}, { linger: [false, 'loginctl enable-linger'] }],
])('reports %s', (_what, changes, unit, problems) => expect(found(changes, unit)).toEqual(problems));
