import { visibleJson, visibleText } from '@hermes/drain-contract';
import { formatCheck } from '@hermes/s6-reconciler';
import { examine } from './doctor.ts';
import { watchExamination } from './watch.ts';

/** `hermes-gateway doctor`. @returns whether no problems were found. */
export async function runDoctor({ profile, json }: { profile: string; json: boolean }): Promise<boolean> {
  const command = [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'doctor', '-p', profile, '--examine'];
  const checks = await watchExamination(profile, { command });
  const text = json ? visibleJson({ checks }) : checks.map((check) => visibleText(formatCheck(check))).join('\n');
  process.stdout.write(`${text}\n`);
  return checks.every(({ ok }) => ok !== false);
}

/** The process that looks: writes each report as a line of JSON. */
export async function reportExamination(profile: string): Promise<void> {
  for await (const report of examine(profile, process.env)) process.stdout.write(`${JSON.stringify(report)}\n`);
}
