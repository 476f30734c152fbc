import { formatCheck } from '../doctor/check.ts';
import { examine } from '../doctor/doctor.ts';
import { settle } from '../manager/service-manager.ts';
import { UnhealthyError } from './exit.ts';
import { settleIdentity } from './identity.ts';
import { printJson, printLine } from './print.ts';

/** Options of `hermes-s6 doctor`. */
export interface DoctorCommandOptions {
  readonly home?: string;
  readonly scandir: string;
  readonly user: string;
  readonly command: string;
  readonly json: boolean;
  readonly maxServices: number;
  readonly service: string;
  /** Seconds. */
  readonly stopGrace?: number;
}

/** `hermes-s6 doctor`. @throws UnhealthyError when a check fails. */
export async function runDoctor(options: DoctorCommandOptions): Promise<void> {
  const { maxServices, service, stopGrace } = options;
  const supervision = settle(settleIdentity(options));
  const checks = await examine(supervision, {
    maxServices,
    service,
    stopGrace,
    overrides: { host: process.env['API_SERVER_HOST'], port: process.env['API_SERVER_PORT'] },
  });
  if (options.json) printJson({ checks });
  else for (const check of checks) printLine(formatCheck(check));
  const failed = checks.filter(({ ok }) => ok === false).length;
  if (failed > 0) throw new UnhealthyError(`${failed} of ${checks.length} checks failed`);
}
