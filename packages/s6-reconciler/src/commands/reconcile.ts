import { formatBootLogLine } from '../reconcile/boot-log-line.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { settleIdentity } from './identity.ts';
import { printError, printJson, printLine } from './print.ts';

/** Options of `hermes-s6 reconcile`. */
export interface ReconcileCommandOptions {
  readonly home?: string;
  readonly scandir: string;
  readonly user: string;
  readonly command: string;
  readonly maxServices: number;
  readonly dryRun: boolean;
  readonly refreshOnly: boolean;
  readonly migratedOnly: boolean;
  readonly json: boolean;
}

/** `hermes-s6 reconcile`. */
export async function runReconcile(options: ReconcileCommandOptions): Promise<void> {
  const report = await reconcile(settleIdentity(options));
  if (options.json) {
    printJson(report);
    return;
  }
  for (const entry of report.entries) {
    // Only the log file needs the time.
    const line = formatBootLogLine(entry).replace(/^\S+ /, '');
    printLine(`${options.dryRun ? 'would reconcile' : 'reconcile'}: ${line}`);
  }
  for (const warning of report.warnings) printError(`hermes-s6: ${warning}`);
}
