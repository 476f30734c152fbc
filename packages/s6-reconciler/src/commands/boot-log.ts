import { readBootLog } from '../reconcile/boot-log.ts';
import { formatBootLogLine } from '../reconcile/boot-log-line.ts';

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
    process.stdout.write(`${json ? JSON.stringify(entry) : formatBootLogLine(entry)}\n`);
  }
}
