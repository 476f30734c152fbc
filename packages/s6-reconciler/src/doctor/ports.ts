import type { Check } from './check.ts';
import { type Finding, fault, fine, unknown, warn } from './finding.ts';

/** What `hermes-gateway profile list` says of a profile. */
export interface ProfilePort {
  readonly name: string;
  /** `null` when its configuration cannot be read; 0 for any free port. */
  readonly port: number | null;
  /** Whether its gateway is alive. */
  readonly live: boolean;
  readonly desired_state: string | null;
}

/** Whether each profile has a port of its own. Pure. @param override the value of `API_SERVER_PORT`, which all gateways read. */
export function checkPorts(profiles: readonly ProfilePort[], override?: string): Check[] {
  const shared = override === undefined || override === '' || override === '0' ? undefined : override;
  return profiles.map((profile) => {
    const others = profiles.filter((other) => other !== profile && other.port === profile.port);
    const finding = shared !== undefined && profiles.length > 1 ? sharedPort(shared) : checkPort(profile, others);
    return { profile: profile.name, check: 'port', ...finding };
  });
}

function sharedPort(port: string): Finding {
  return warn(
    `API_SERVER_PORT is ${port} here: if all gateways have it, only one of them can listen`,
    'leave it unset where s6-svscan starts, and set api_server.port in the configuration of each profile',
  );
}

function checkPort(profile: ProfilePort, others: readonly ProfilePort[]): Finding {
  const { name, port } = profile;
  if (port === null)
    return unknown('its configuration cannot be read, or names no port', `hermes-gateway doctor -p ${name}`);
  if (port === 0) return fine('any free port');
  if (others.length === 0) return fine(`${port}, which no other profile has`);
  const found = `${port}, as ${others.map((other) => other.name).join(', ')}`;
  const holders = [profile, ...others];
  // Each on an address of its own, or each with a variable of its own.
  if (holders.every(({ live }) => live)) return fine(`${found}; all of them run`);
  const cure = `set api_server.port in the configuration of one of them to a port that is free, and restart it`;
  const isWanted = ({ live, desired_state }: ProfilePort) => live || desired_state !== 'stopped';
  if (isWanted(profile) && others.some(isWanted)) return fault(found, cure);
  return warn(`${found}; one of them at a time can run`, cure);
}
