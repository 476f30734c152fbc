import type { BringBackView } from '@hermes/drain-contract';

/** What a gateway takes besides the grace of its turns, where it has not said so itself. */
const UNKNOWN_REST_SECONDS = 30;

/** Longer ones are not believed: whoever can write a state file must not make a stop endless. */
const MAX_STOP_SECONDS = 100_000;

/** What is counted with for a gateway that has never said anything. */
export const DEFAULT_STOP_SECONDS = 60;

/** Seconds that a gateway takes at most to stop, as far as its state tells. Pure. */
export function stopSecondsOf(state: BringBackView | undefined): number | undefined {
  const grace = state?.restart_drain_timeout ?? undefined;
  const told = state?.stop_timeout ?? (grace === undefined ? undefined : grace + UNKNOWN_REST_SECONDS);
  return told === undefined ? undefined : Math.min(told, MAX_STOP_SECONDS);
}
