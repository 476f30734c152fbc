import type { Comment, Setting } from './unit-file.pure.ts';

/** What every manager can forbid, also that of a user. */
const SYSTEM_CALLS: readonly (Setting | Comment)[] = [
  ['NoNewPrivileges', 'yes'],
  ['LockPersonality', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['RestrictNamespaces', 'yes'],
  ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK'],
  ['SystemCallArchitectures', 'native'],
  ['SystemCallFilter', '@system-service'],
  ['SystemCallFilter', '~@privileged @resources'],
  ['SystemCallErrorNumber', 'EPERM'],
  { comment: 'MemoryDenyWriteExecute= is missing: the compiler of Node writes code.' },
];

/** What only the manager of the machine can do, beside the homes of people. */
const FILE_SYSTEMS: readonly (Setting | Comment)[] = [
  ['CapabilityBoundingSet', ''],
  ['AmbientCapabilities', ''],
  ['ProtectSystem', 'strict'],
  ['PrivateTmp', 'yes'],
  ['PrivateDevices', 'yes'],
  ['ProtectKernelTunables', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectHostname', 'yes'],
  ['RemoveIPC', 'yes'],
  {
    comment:
      'ProtectProc= and ProcSubset= are missing: the boot is recognized by /proc/1 and by /proc/sys, and a drain of',
  },
  { comment: 'an earlier boot is void.' },
];

/** The homes of people, as `ProtectHome=` has them. */
const HOMES = ['/home/', '/root/', '/run/user/'];

/** Restricts what a program and its agents can reach. @param needed absolute paths that the program must be able to read */
export function hardening(scope: 'system' | 'user', needed: readonly string[]): readonly (Setting | Comment)[] {
  if (scope === 'user') return SYSTEM_CALLS;
  const isAmongHomes = needed.some((path) => HOMES.some((home) => path.startsWith(home)));
  return [...FILE_SYSTEMS, ['ProtectHome', isAmongHomes ? 'read-only' : 'yes'], ...SYSTEM_CALLS];
}

/** What a drop-in gives back, so that bwrap can make the sandbox of an agent: namespaces, mounts in them, and a /proc that hides nothing. */
export const ISOLATION: readonly (Setting | Comment)[] = [
  ['RestrictNamespaces', 'no'],
  ['SystemCallFilter', '@mount @setuid capset'],
  { comment: 'The kernel refuses a /proc in the sandbox while parts of the /proc outside are hidden.' },
  ['ProtectKernelTunables', 'no'],
  ['ProtectKernelLogs', 'no'],
  ['ProtectControlGroups', 'no'],
];
