import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanSettings, planReconcile } from './plan.pure.ts';
import type { ProfileSnapshot, ScandirSnapshot, Snapshot } from './snapshot.ts';

const settings: PlanSettings = { rootHome: '/home', command: 'hermes-gateway', user: undefined, maxServices: 500 };
const emptyScandir: ScandirSnapshot = {
  scanned: false,
  slots: new Set(),
  supervised: new Set(),
  foreign: new Set(),
  reference: new Set(),
  orphaned: new Set(),
  others: 0,
};

const profile = (name: string, fields: Partial<ProfileSnapshot> = {}): ProfileSnapshot => ({
  kind: 'profile',
  name,
  home: `/home/profiles/${name}`,
  desired: undefined,
  legacyDesired: undefined,
  observedState: undefined,
  stopSeconds: undefined,
  ...fields,
});

const actions = (snapshots: readonly Snapshot[], scandir: Partial<ScandirSnapshot> = {}, maxServices = 500) =>
  planReconcile(snapshots, { ...emptyScandir, ...scandir }, { ...settings, maxServices }).map(
    (step) => `${step.profile} ${step.action}`,
  );

describe('the plan of a boot', () => {
  it('starts what ran, registers the rest, and skips what is no profile, in the order of the snapshots', () => {
    const unusable: Snapshot = { kind: 'unusable', name: 'Bad', reason: 'bad name' };
    expect(actions([profile('default'), unusable, profile('a', { observedState: 'draining' })])).toEqual([
      'default registered',
      'Bad skipped',
      'a started',
    ]);
  });

  it('keeps a slot that is supervised as it is, and makes one anew that is not', () => {
    const slots = new Set(['gateway-a', 'gateway-b']);
    const snapshots = [profile('a', { desired: 'stopped' }), profile('b', { desired: 'running' })];
    expect(actions(snapshots, { slots, supervised: new Set(['gateway-a']) })).toEqual(['a kept', 'b started']);
  });

  it('removes the slots of deleted profiles last, and gives their room to others', () => {
    const slots = new Set(['gateway-z', 'gateway-gone']);
    expect(actions([profile('default'), profile('a')], { slots, orphaned: slots }, 2)).toEqual([
      'default registered',
      'a registered',
      'gone removed',
      'z removed',
    ]);
  });

  it('leaves alone a gateway of the reference system, which runs', () => {
    const slots = new Set(['gateway-a']);
    expect(actions([profile('a', { desired: 'running' })], { slots, supervised: slots, reference: slots })).toEqual([
      'a skipped',
    ]);
  });

  it('leaves alone a slot of another home', () => {
    const slots = new Set(['gateway-a']);
    expect(actions([profile('a', { desired: 'running' })], { slots, supervised: slots, foreign: slots })).toEqual([
      'a skipped',
    ]);
  });

  it('says what decided, for those that stay down, too', () => {
    const snapshots = [profile('a', { desired: 'unclear' }), profile('b', { desired: 'stopped' })];
    expect(planReconcile(snapshots, emptyScandir, settings)).toMatchObject([
      { action: 'registered', reason: 'desired_state.json cannot be understood; no state known' },
      { action: 'registered', desired: 'stopped', reason: 'desired_state.json' },
    ]);
  });

  it('records the desired state of a gateway that it starts where no file says it, and of no other', () => {
    const snapshots = [
      profile('by-state', { observedState: 'running' }),
      profile('by-field', { legacyDesired: 'running' }),
      profile('by-file', { desired: 'running' }),
      profile('unclear', { desired: 'unclear', observedState: 'running' }),
      profile('down'),
    ];
    const recorded = planReconcile(snapshots, emptyScandir, settings).filter(
      (step) => 'recordsDesired' in step && step.recordsDesired,
    );
    expect(recorded.map((step) => step.profile)).toEqual(['by-state', 'by-field']);
  });

  it('gives the slot the time that the gateway takes to stop, and some more', () => {
    const snapshots = [profile('a', { stopSeconds: 120 }), profile('b')];
    const steps = planReconcile(snapshots, emptyScandir, settings);
    const stops = steps.map((step) => step.action === 'registered' && step.definition.stopSeconds);
    expect(stops).toEqual([120, 60]);
  });

  it('names everything that s6-svscan has no room for, and lets those that are to run go first', () => {
    const snapshots = [profile('default'), profile('a'), profile('b', { desired: 'running' })];
    expect(actions(snapshots, { others: 2 }, 4)).toEqual(['default registered', 'a skipped', 'b started']);
    expect(actions(snapshots, { others: 9 }, 4)).toEqual(['default skipped', 'a skipped', 'b skipped']);
    const [, step] = planReconcile(snapshots, emptyScandir, { ...settings, maxServices: 2 });
    expect(step?.reason).toMatch(/at most 2 services.*-c/);
  });

  it('lets no supervised slot give way to a new one, and counts slots that no profile belongs to', () => {
    const snapshots = [profile('a', { desired: 'running' }), profile('b', { desired: 'stopped' })];
    const scandir = { slots: new Set(['gateway-b', 'gateway-gone']), supervised: new Set(['gateway-b']) };
    expect(actions(snapshots, scandir, 2)).toEqual(['a skipped', 'b kept']);
  });

  it('has a step for each snapshot, and never plans more services than there is room for', () => {
    const anyProfile = fc.record({
      desired: fc.constantFrom(undefined, 'running', 'stopped', 'unclear'),
      observedState: fc.constantFrom(undefined, 'running', 'draining', 'stopped'),
      supervised: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyProfile, { maxLength: 12 }), fc.nat(15), fc.nat(4), (given, maxServices, others) => {
        const snapshots = given.map(({ supervised: _, ...fields }, index) => profile(`p${index}`, fields as never));
        const supervised = new Set(given.flatMap((one, index) => (one.supervised ? [`gateway-p${index}`] : [])));
        const steps = planReconcile(
          snapshots,
          { ...emptyScandir, scanned: true, slots: supervised, supervised, others },
          { ...settings, maxServices },
        );
        expect(steps.map((step) => step.profile)).toEqual(snapshots.map(({ name }) => name));
        const planned = steps.filter((step) => step.action !== 'skipped').length;
        expect(planned).toBe(Math.min(snapshots.length, Math.max(0, maxServices - others)));
      }),
    );
  });
});
