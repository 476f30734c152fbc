import { describe, expect, it } from 'vitest';
import { decideAutostart } from './autostart.pure.ts';
import type { ProfileSnapshot } from './snapshot.ts';

type Known = Pick<ProfileSnapshot, 'desired' | 'legacyDesired' | 'observedState'>;

const snapshot = (known: Partial<Known>): ProfileSnapshot => ({
  kind: 'profile',
  name: 'bot',
  home: '/home/profiles/bot',
  stopSeconds: undefined,
  desired: undefined,
  legacyDesired: undefined,
  observedState: undefined,
  ...known,
});

describe('at boot a gateway is started', () => {
  it.each<Partial<Known>>([
    { desired: 'running' },
    { desired: 'running', observedState: 'startup_failed' },
    { desired: 'running', legacyDesired: 'stopped', observedState: 'stopped' },
    { legacyDesired: 'running', observedState: 'stopped' },
    { observedState: 'running' },
    { observedState: 'draining' },
    { observedState: 'degraded' },
    { desired: 'unclear', observedState: 'running' },
    { desired: 'unclear', legacyDesired: 'running' },
    { legacyDesired: 'perhaps', observedState: 'running' },
  ])('that is known by %j', (known) => {
    expect(decideAutostart(snapshot(known)).start).toBe(true);
  });
});

describe('at boot a gateway stays down', () => {
  it.each<Partial<Known>>([
    {},
    { desired: 'stopped' },
    { desired: 'stopped', legacyDesired: 'running', observedState: 'running' },
    { legacyDesired: 'stopped', observedState: 'running' },
    { desired: 'unclear', legacyDesired: 'stopped', observedState: 'running' },
    { desired: 'unclear' },
    ...['starting', 'stopping', 'stopped', 'startup_failed', 'RUNNING', '', 'anything'].map((observedState) => ({
      observedState,
    })),
  ])('that is known by %j', (known) => {
    expect(decideAutostart(snapshot(known)).start).toBe(false);
  });
});

describe('the reason is reported', () => {
  it.each<[Partial<Known>, string | undefined, string]>([
    [{ desired: 'stopped', observedState: 'running' }, 'stopped', 'desired_state.json'],
    [{ legacyDesired: 'running' }, 'running', 'desired_state in gateway_state.json'],
    [{ observedState: 'draining' }, undefined, 'the last state of the gateway'],
    [{}, undefined, 'no state known'],
    [
      { desired: 'unclear', observedState: 'stopped' },
      undefined,
      'desired_state.json cannot be understood; the last state of the gateway',
    ],
  ])('of %j', (known, desired, reason) => {
    expect(decideAutostart(snapshot(known))).toMatchObject({ desired, reason });
  });
});
