import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTimers as check, type Timers } from './timers.ts';

const nested: Timers = {
  turn: 20,
  grace: 30,
  stop: 50,
  slotKill: 60,
  service: { kill: 80, down: 90 },
  container: 120,
};

const checkTimers = (timers: Timers) => check(timers, 'hermes-s6 reconcile');

const verdicts = (timers: Timers) => checkTimers(timers).map(({ timer, ok }) => [timer, ok]);

describe('the timers of a stop', () => {
  it('nest when each has room for what is inside of it, and then nothing is to be done', () => {
    const checks = checkTimers(nested);
    expect(checks.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    expect(checks.map(({ cure }) => cure)).toEqual([null, null, null, null, null]);
  });

  it.each<[string, Partial<Timers>, string]>([
    ['a turn may take longer than the gateway gives it', { turn: 31 }, 'gateway grace'],
    ['s6-supervise kills a gateway that is still within its time', { slotKill: 54 }, 'slot timeout-kill'],
    ['s6-supervise never kills one that hangs', { slotKill: undefined }, 'slot timeout-kill'],
    ['the service is killed before its last gateway', { service: { kill: 60, down: 90 } }, 'gateways timeout-kill'],
    ['the engine is the least patient of all', { container: 10 }, 'container stop'],
  ])('do not nest when %s', (_what, timers, culprit) => {
    const failed = checkTimers({ ...nested, ...timers }).filter(({ ok }) => !ok);
    expect(failed[0]?.timer).toBe(culprit);
    expect(failed[0]?.cure).toContain(culprit === 'slot timeout-kill' ? 'reconcile' : String(failed[0]?.needed));
  });

  it('are not known to nest without the stop grace period of the container', () => {
    const last = checkTimers({ ...nested, container: undefined }).at(-1);
    expect(last).toEqual({
      timer: 'container stop',
      seconds: null,
      needed: 95,
      ok: null,
      cure: 'docker stop -t 95, or terminationGracePeriodSeconds: 95',
    });
  });

  it('of a service that s6-rc has compiled are not known without its source, and are to be changed there', () => {
    const source = '/etc/s6-overlay/s6-rc.d/gateways';
    const [, , kill, down] = checkTimers({ ...nested, service: { kill: 60, down: undefined, source } });
    expect(kill).toMatchObject({ ok: false, cure: expect.stringContaining(`65000 in ${source}/timeout-kill`) });
    expect(down).toMatchObject({ ok: null, cure: expect.stringContaining('s6-overlay-hook') });
    expect(verdicts({ ...nested, service: { kill: 80, down: 90, source } })).toContainEqual([
      'gateways timeout-down',
      true,
    ]);
  });

  it('are three where root supervises the gateways itself', () => {
    expect(verdicts({ ...nested, service: undefined })).toEqual([
      ['gateway grace', true],
      ['slot timeout-kill', true],
      ['container stop', true],
    ]);
  });

  it('nest once they have the reported values, whatever they were before', () => {
    const seconds = fc.double({ min: 0, max: 100_000, noNaN: true });
    const maybe = fc.option(seconds, { nil: undefined });
    const tail = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        maybe,
        seconds,
        tail,
        maybe,
        maybe,
        maybe,
        maybe,
        (turn, grace, rest, slotKill, kill, down, container) => {
          const before = { turn, grace, stop: grace + rest, slotKill, service: { kill, down }, container };
          const [first, second, third, fourth, fifth] = checkTimers(before).map((check) =>
            Math.max(check.needed, check.seconds ?? 0),
          );
          const after = {
            turn,
            grace: first ?? 0,
            stop: (first ?? 0) + rest,
            slotKill: second,
            service: { kill: third, down: fourth },
            container: fifth,
          };
          expect(verdicts(after).filter(([, ok]) => ok !== true)).toEqual([]);
        },
      ),
    );
  });
});
