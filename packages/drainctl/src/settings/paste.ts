import { resolve } from 'node:path';
import { shellLine } from '@hermes/drain-contract';
import type { Target } from './target.ts';

/** What selects the dashboard and the profile, from the command line. */
export interface TargetOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly profile: string;
}

/** A `drainctl` command line for people to paste: on the dashboard and the profile that this one works on. */
export type Pasteable = (name: string, ...args: readonly string[]) => string;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes command lines that do not depend on this environment, which may be that of one command only. A secret in
 * `DRAINCTL_TOKEN` is the one thing that is left out.
 */
export function pasteable(options: TargetOptions, environment: Environment, { local }: Target): Pasteable {
  const url = options.url ?? (environment['DRAINCTL_URL'] || undefined);
  const named = options.tokenFile || (environment['DRAINCTL_TOKEN'] ? undefined : environment['DRAINCTL_TOKEN_FILE']);
  const home = environment['HERMES_HOME']?.trim();
  const target = [
    ...(options.profile === 'default' ? [] : ['--profile', options.profile]),
    ...(url === undefined ? [] : ['--url', url]),
    ...(named ? ['--token-file', resolve(named)] : []),
  ];
  const setting = local !== undefined && home ? `HERMES_HOME=${shellLine([resolve(home)])} ` : '';
  return (name, ...args) => `${setting}${shellLine(['drainctl', name, ...target, ...args])}`;
}
