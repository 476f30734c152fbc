import { BlockList, isIP } from 'node:net';
import { wasToRun } from '../reconcile/autostart.pure.ts';
import type { Check } from './check.ts';
import { type Finding, fault, fine, unknown, warn } from './finding.ts';

/** What `hermes-gateway profile list` says of a profile. */
export interface ProfilePort {
  readonly name: string;
  /** `null` when its configuration cannot be read; 0 for any free port. */
  readonly port: number | null;
  /** Where it listens, by its configuration. Earlier programs do not say. */
  readonly host?: string | null;
  /** What its gateway last published. */
  readonly state: string | null;
  /** Whether its gateway is alive. */
  readonly live: boolean;
  readonly desired_state: string | null;
}

/** Variables that all gateways read, and prefer to their configuration. Empty ones count as unset. */
export interface AddressOverrides {
  /** The value of `API_SERVER_HOST`. */
  readonly host?: string | undefined;
  /** The value of `API_SERVER_PORT`. */
  readonly port?: string | undefined;
}

/** Whether each profile has a port of its own. Pure. */
export function checkPorts(configured: readonly ProfilePort[], { host, port }: AddressOverrides = {}): Check[] {
  const profiles = host ? configured.map((profile) => ({ ...profile, host })) : configured;
  const shared = port && port !== '0' ? port : undefined;
  return profiles.map((profile) => {
    const others = profiles.filter((other) => other !== profile && mayCollide(profile, other));
    const finding = shared !== undefined && profiles.length > 1 ? sharedPort(shared) : checkPort(profile, others);
    return { profile: profile.name, check: 'port', ...finding };
  });
}

function mayCollide(one: ProfilePort, other: ProfilePort): boolean {
  return one.port === other.port && mayBeSameAddress(one.host ?? '', other.host ?? '');
}

/** A name may be any address. */
function mayBeSameAddress(one: string, other: string): boolean {
  if (!isIP(one) || !isIP(other)) return true;
  if (isAnyAddress(one) || isAnyAddress(other)) return true;
  return isSameAddress(one, other);
}

function isAnyAddress(address: string): boolean {
  return ['0.0.0.0', '::'].some((any) => isSameAddress(any, address));
}

/** However they are written. */
function isSameAddress(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, familyOf(one));
  return list.check(other, familyOf(other));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
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
  if (others.length === 0) return fine(`${port}, which no other profile has at its address`);
  const found = `${port}, as ${others.map((other) => other.name).join(', ')}`;
  const holders = [profile, ...others];
  // Each with a variable of its own, which we cannot see.
  if (holders.every(({ live }) => live)) return fine(`${found}; all of them run`);
  const cure = `set api_server.port in the configuration of one of them to a port that is free, and restart it`;
  if (isToRun(profile) && others.some(isToRun)) return fault(found, cure);
  return warn(`${found}; one of them at a time can run`, cure);
}

/** As the next boot decides. */
function isToRun({ live, state, desired_state }: ProfilePort): boolean {
  return live || (desired_state === null ? wasToRun(state ?? undefined) : desired_state === 'running');
}
