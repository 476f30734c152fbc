import { becomeOwner, resolveHome } from '@hermes/drain-contract';
import { slotError } from '../errors.ts';
import { readHome } from '../reconcile/read-home.ts';
import { DEFAULT_STOP_SECONDS } from '../reconcile/stop-seconds.ts';
import { STOP_MARGIN_SECONDS } from '../slot/definition.ts';
import { printJson, printLine } from './print.ts';

/** Options of `hermes-s6 stop-timeout`. */
export interface StopTimeoutOptions {
  readonly home?: string;
  readonly json: boolean;
}

/** `hermes-s6 stop-timeout`: the longest `timeout-kill` that a boot gives to a slot, in whole seconds. */
export function runStopTimeout(options: StopTimeoutOptions): void {
  const home = resolveHome(options);
  try {
    becomeOwner(home);
  } catch (error) {
    throw slotError(`look at the profiles of ${home}`, error);
  }
  const profiles = readHome(home).filter((snapshot) => snapshot.kind === 'profile');
  const longest = Math.max(...profiles.map(({ stopSeconds }) => stopSeconds ?? DEFAULT_STOP_SECONDS));
  const seconds = Math.ceil(longest + STOP_MARGIN_SECONDS);
  if (options.json) printJson({ stop_timeout: seconds });
  else printLine(String(seconds));
}
