import { formatBootLogLine } from '../reconcile/boot-log-line.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { settleIdentity } from './identity.ts';

/** Options of `hermes-s6 reconcile`. */
export interface ReconcileCommandOptions {
  readonly home?: string;
  readonly scandir: string;
  readonly user: string;
  readonly command: string;
  readonly maxServices: number;
  readonly dryRun: boolean;
  readonly refreshOnly: boolean;
  readonly json: boolean;
}

/** `hermes-s6 reconcile`. */
export async function runReconcile(options: ReconcileCommandOptions): Promise<void> {
  const report = await reconcile(settleIdentity(options));
  if (options.json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const lines = report.entries.map((entry) => {
    // The time is of use in a file only.
    const line = formatBootLogLine(entry).replace(/^\S+ /, '');
    return `${options.dryRun ? 'would reconcile' : 'reconcile'}: ${line}\n`;
  });
  process.stdout.write(lines.join(''));
  for (const warning of report.warnings) process.stderr.write(`hermes-s6: ${warning}\n`);
}
