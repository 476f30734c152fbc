import type { ProfileSnapshot } from './snapshot.ts';

/** Gateways in these states were meant to run. A drain precedes a restart, so one that was draining comes back, too. */
const STATES_THAT_RAN: ReadonlySet<string | undefined> = new Set(['running', 'draining', 'degraded']);

/** Whether a profile's gateway is started at boot, and the reason. */
export interface AutostartDecision {
  readonly start: boolean;
  /** The desired state as a file on the volume says it; `undefined` when none does. */
  readonly desired: 'running' | 'stopped' | undefined;
  /** The reason, for the boot log. */
  readonly reason: string;
}

/**
 * Decides whether a profile's gateway is started at boot. The desired state decides. Without a desired state that can be
 * understood, the one that the reference system left in the state file does; without that, what the gateway last said.
 */
export function decideAutostart(snapshot: ProfileSnapshot): AutostartDecision {
  const decision = decideByFiles(snapshot);
  return snapshot.isServedByRoot ? { ...decision, start: false, reason: SERVED_BY_ROOT } : decision;
}

/** Two gateways would answer each message of the profile. */
const SERVED_BY_ROOT =
  'the gateway of the root profile serves all profiles; to start this one, remove multiplex_profiles from config.yaml';

function decideByFiles({ desired, legacyDesired, observedState, stateProblem }: ProfileSnapshot): AutostartDecision {
  if (desired === 'running' || desired === 'stopped') return byDesiredState(desired, 'desired_state.json');
  const prefix = desired === 'unclear' ? 'desired_state.json cannot be understood; ' : '';
  if (legacyDesired === 'running' || legacyDesired === 'stopped')
    return byDesiredState(legacyDesired, `${prefix}desired_state in gateway_state.json`);
  const unknown = stateProblem === undefined ? 'no state known' : `no state known: gateway_state.json ${stateProblem}`;
  const reason = observedState === undefined ? unknown : 'the last state of the gateway';
  return { start: wasToRun(observedState), desired: undefined, reason: `${prefix}${reason}` };
}

/** Whether a gateway that last said this, and of which nothing else is known, was meant to run. */
export function wasToRun(observedState: string | undefined): boolean {
  return STATES_THAT_RAN.has(observedState);
}

function byDesiredState(desired: 'running' | 'stopped', reason: string): AutostartDecision {
  return { start: desired === 'running', desired, reason };
}
