import { describe, expect, it } from 'vitest';
import { shouldStart } from './autostart.ts';
import type { ProfileSighting } from './sighting.ts';

type Known = Pick<ProfileSighting, 'intent' | 'legacyIntent' | 'observedState'>;

const sighting = (known: Partial<Known>): ProfileSighting => ({
  kind: 'profile',
  name: 'bot',
  home: '/home/profiles/bot',
  graceSeconds: undefined,
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
    expect(shouldStart(sighting(known))).toBe(true);
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
    expect(shouldStart(sighting(known))).toBe(false);
  });
});
