import type { ProfileSighting } from './sighting.ts';

/** Gateways in these states were meant to run. A drain precedes a restart, so one that was draining comes back, too. */
const STATES_THAT_RAN: ReadonlySet<string | undefined> = new Set(['running', 'draining', 'degraded']);

/**
 * Whether a profile's gateway is to be started at boot: the intent decides; without one that can be understood, the
 * intent that the reference system left; without that, what the gateway last said it was.
 */
export function shouldStart({ intent, legacyIntent, observedState }: ProfileSighting): boolean {
  if (intent === 'running' || intent === 'stopped') return intent === 'running';
  if (legacyIntent === 'running' || legacyIntent === 'stopped') return legacyIntent === 'running';
  return STATES_THAT_RAN.has(observedState);
}
