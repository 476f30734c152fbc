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
export function runBootLog({ home, profile, lines, json }: BootLogCommandOptions): void {
  for (const entry of readBootLog({ home, profile, limit: lines })) {
    if (json) printJson(entry);
    else printLine(formatBootLogLine(entry));
  }
}
