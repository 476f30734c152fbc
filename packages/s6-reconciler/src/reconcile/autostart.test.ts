import { describe, expect, it } from 'vitest';
import { decideAutostart } from './autostart.ts';
import type { ProfileSighting } from './sighting.ts';

type Known = Pick<ProfileSighting, 'intent' | 'legacyIntent' | 'observedState'>;

const sighting = (known: Partial<Known>): ProfileSighting => ({
  kind: 'profile',
  name: 'bot',
  home: '/home/profiles/bot',
  stopSeconds: undefined,
  intent: undefined,
  legacyIntent: undefined,
  observedState: undefined,
  ...known,
});

describe('at boot a gateway is started', () => {
  it.each<Partial<Known>>([
    { intent: 'running' },
    { intent: 'running', observedState: 'startup_failed' },
    { intent: 'running', legacyIntent: 'stopped', observedState: 'stopped' },
    { legacyIntent: 'running', observedState: 'stopped' },
    { observedState: 'running' },
    { observedState: 'draining' },
    { observedState: 'degraded' },
    { intent: 'unclear', observedState: 'running' },
    { intent: 'unclear', legacyIntent: 'running' },
    { legacyIntent: 'perhaps', observedState: 'running' },
  ])('that is known by %j', (known) => {
    expect(decideAutostart(sighting(known)).start).toBe(true);
  });
});

describe('at boot a gateway stays down', () => {
  it.each<Partial<Known>>([
    {},
    { intent: 'stopped' },
    { intent: 'stopped', legacyIntent: 'running', observedState: 'running' },
    { legacyIntent: 'stopped', observedState: 'running' },
    { intent: 'unclear', legacyIntent: 'stopped', observedState: 'running' },
    { intent: 'unclear' },
    ...['starting', 'stopping', 'stopped', 'startup_failed', 'RUNNING', '', 'anything'].map((observedState) => ({
      observedState,
    })),
  ])('that is known by %j', (known) => {
    expect(decideAutostart(sighting(known)).start).toBe(false);
  });
});

describe('what decided is told', () => {
  it.each<[Partial<Known>, string | undefined, string]>([
    [{ intent: 'stopped', observedState: 'running' }, 'stopped', 'desired_state.json'],
    [{ legacyIntent: 'running' }, 'running', 'desired_state in gateway_state.json'],
    [{ observedState: 'draining' }, undefined, 'the last state of the gateway'],
    [{}, undefined, 'no state known'],
    [
      { intent: 'unclear', observedState: 'stopped' },
      undefined,
      'desired_state.json cannot be understood; the last state of the gateway',
    ],
  ])('of %j', (known, desired, reason) => {
    expect(decideAutostart(sighting(known))).toMatchObject({ desired, reason });
  });
});
