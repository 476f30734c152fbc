import { visibleJson, visibleText } from '@hermes/drain-contract';
import { formatCheck } from '@hermes/s6-reconciler';
import { examine } from './doctor.ts';

/** `hermes-gateway doctor`. @returns whether no problems were found. */
export async function runDoctor({ profile, json }: { profile: string; json: boolean }): Promise<boolean> {
  const checks = await examine(profile, process.env);
  const text = json ? visibleJson({ checks }) : checks.map((check) => visibleText(formatCheck(check))).join('\n');
  process.stdout.write(`${text}\n`);
  return checks.every(({ ok }) => ok !== false);
}
