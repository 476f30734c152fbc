import { becomeOwner, resolveHome } from '@hermes/drain-contract';
import { slotError } from '../errors.ts';
import { readBootLog } from '../reconcile/boot-log.ts';
import { formatBootLogLine } from '../reconcile/boot-log-line.ts';
import { printJson, printLine } from './print.ts';

/** Options of `hermes-s6 boot-log`. */
export interface BootLogCommandOptions {
  readonly home?: string;
  readonly profile?: string;
  readonly lines: number;
  readonly json: boolean;
}

/** `hermes-s6 boot-log`. */
export function runBootLog(options: BootLogCommandOptions): void {
  const { profile, lines, json } = options;
  const home = resolveHome(options);
  try {
    becomeOwner(home);
  } catch (error) {
    throw slotError(`read the boot log of ${home}`, error);
  }
  for (const entry of readBootLog({ home, profile, limit: lines })) {
    if (json) printJson(entry);
    else printLine(formatBootLogLine(entry));
  }
}
