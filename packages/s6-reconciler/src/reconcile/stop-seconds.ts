import type { BringBackView } from '@hermes/drain-contract';

/** What a gateway takes besides the grace of its turns, where it has not said so itself. */
const UNKNOWN_REST_SECONDS = 30;

/**
 * Longer ones are not granted: who can write a state file must not keep a machine from stopping. With its margin, the
 * `timeout-kill` of a slot is an hour at most.
 */
export const MAX_STOP_SECONDS = 3_595;

/** What is counted with for a gateway that has never said anything. */
export const DEFAULT_STOP_SECONDS = 60;

/** Seconds that a gateway is given to stop, by what its state says. Pure. */
export function stopSecondsOf(state: BringBackView | undefined): number | undefined {
  const claimed = claimedStopSeconds(state);
  return claimed === undefined ? undefined : Math.min(claimed, MAX_STOP_SECONDS);
}

/** Seconds that a gateway takes at most to stop, as its state says it; it may say anything. Pure. */
export function claimedStopSeconds(state: BringBackView | undefined): number | undefined {
  const grace = state?.restart_drain_timeout ?? undefined;
  return state?.stop_timeout ?? (grace === undefined ? undefined : grace + UNKNOWN_REST_SECONDS);
}
