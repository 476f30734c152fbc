import type { RestartPolicyView } from '@hermes/drain-contract';
import { STOP_MARGIN_SECONDS } from '../slot/definition.ts';

/** What a gateway takes besides the grace of its turns, where it has not said so itself. */
const UNKNOWN_REST_SECONDS = 30;

/** The largest `timeout-kill` of a slot: a process that can write a state file must not keep a machine from stopping. */
export const MAX_KILL_SECONDS = 3_600;

/** The upper bound of a stop timeout. */
export const MAX_STOP_SECONDS = MAX_KILL_SECONDS - STOP_MARGIN_SECONDS;

/** The default for a gateway that has never reported a timeout. */
export const DEFAULT_STOP_SECONDS = 60;

/** Seconds that a gateway is given to stop, by what its state says. Pure. */
export function stopSecondsOf(state: RestartPolicyView | undefined): number | undefined {
  const claimed = claimedStopSeconds(state);
  return claimed === undefined ? undefined : Math.min(claimed, MAX_STOP_SECONDS);
}

/** Seconds that a gateway takes at most to stop, as its state says it; it may say anything. Pure. */
export function claimedStopSeconds(state: RestartPolicyView | undefined): number | undefined {
  const grace = state?.restart_drain_timeout ?? undefined;
  return state?.stop_timeout ?? (grace === undefined ? undefined : grace + UNKNOWN_REST_SECONDS);
}
