import { type Check, examine } from '../doctor/doctor.ts';
import { S6Error } from '../errors.ts';
import { settle } from '../manager/service-manager.ts';
import { settleIdentity } from './identity.ts';

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

/** `hermes-s6 doctor`. @throws S6Error `unhealthy` when something is to be mended. */
export async function runDoctor(options: DoctorCommandOptions): Promise<void> {
  const { maxServices, service, stopGrace } = options;
  const supervision = settle(settleIdentity(options));
  const checks = await examine(supervision, { maxServices, service, stopGrace });
  if (options.json) process.stdout.write(`${JSON.stringify({ checks })}\n`);
  else for (const check of checks) process.stdout.write(`${formatCheck(check)}\n`);
  const failed = checks.filter(({ ok }) => ok === false).length;
  if (failed > 0) throw new S6Error('unhealthy', `${failed} of ${checks.length} checks failed`);
}

function formatCheck({ profile, check, ok, found, cure }: Check): string {
  const mark = ok === null ? '?   ' : ok ? 'ok  ' : 'FAIL';
  const about = profile === null ? check : `${profile}: ${check}`;
  return `${mark} ${about}: ${found}${cure === null ? '' : `; ${cure}`}`;
}
