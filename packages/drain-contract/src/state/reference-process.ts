import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { probeLock } from '../files/flock.ts';
import { readSmallFile } from '../files/read.ts';
import { UNTRUSTED_PLACE } from '../files/trusted-file.ts';
import { DEFAULT_PROFILE } from '../profile/name.pure.ts';
import { isRunningSince, processStartTime } from './process.ts';
import { isGatewayCommand, type ProcessRecord, parsePidFile } from './reference.pure.ts';
import type { GatewayStateView } from './schema.pure.ts';

/** The file in a home in which the reference system's gateway, and ours, say which process they are. */
export const PID_FILENAME = 'gateway.pid';
/** The file in a home that the same process holds with flock(2) as long as it lives. */
export const FLOCK_FILENAME = 'gateway.lock';

/**
 * Where the process is that wrote a state: `here`, it is seen to run; `replaced`, another one serves the home here and has
 * not written its state yet; `elsewhere`, a process that cannot be seen holds the lock of the home; `gone`, that lock is
 * free; `unseen`, none of these can be said.
 */
export type Whereabouts = 'here' | 'replaced' | 'elsewhere' | 'gone' | 'unseen';

/** Looks for the process of a gateway of the reference system. Never throws. */
export function findReferenceProcess(state: GatewayStateView, home: string): Whereabouts {
  const registered = readPidFile(home);
  const own = recordOf(state, registered);
  if (own && isHere(own, home)) return 'here';
  if (registered && registered.pid !== own?.pid && isHere(registered, home)) return 'replaced';
  return lookAtLock(home);
}

/** The process that `gateway.pid` names, if it is seen to run. Never throws. */
export function registeredGateway(home: string): ProcessRecord | undefined {
  const registered = readPidFile(home);
  return registered && isHere(registered, home) ? registered : undefined;
}

/** Old versions say in the state only which process it is, and in the other file when it started, or the reverse. */
function recordOf({ pid, start_time }: GatewayStateView, registered: ProcessRecord | undefined) {
  if (pid === null) return registered;
  const startTime = start_time ?? (registered?.pid === pid ? registered.startTime : null);
  return { pid, startTime };
}

function readPidFile(home: string): ProcessRecord | undefined {
  const sighting = readSmallFile(join(home, PID_FILENAME));
  return sighting.kind === 'bytes' ? parsePidFile(Buffer.from(sighting.bytes).toString('utf8')) : undefined;
}

function isHere({ pid, startTime }: ProcessRecord, home: string): boolean {
  if (startTime !== null && processStartTime() !== undefined) return isRunningSince(pid, startTime);
  return isGatewayCommand(commandLine(pid), profileOf(home));
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function profileOf(home: string): string {
  return basename(dirname(home)) === 'profiles' ? basename(home) : DEFAULT_PROFILE;
}

/** The kernel lists the locks of processes that can be seen from here. */
function isHolderHere(inode: number): boolean {
  try {
    return readFileSync('/proc/locks', 'latin1')
      .split('\n')
      .some((line) => line.includes(' FLOCK ') && line.includes(`:${inode} `));
  } catch {
    return false;
  }
}

/** Lock files that were found free, by home: their gateway has ended, until the file is written again. */
const freed = new Map<string, string>();

/**
 * Only who tries to take the lock finds out whether it is held, also by a process of another container. That would refuse
 * a gateway that starts at that very moment, so it is tried once after an end, and for no longer than it takes.
 */
function lookAtLock(home: string): Whereabouts {
  let file: number;
  try {
    file = openSync(join(home, FLOCK_FILENAME), constants.O_RDONLY | UNTRUSTED_PLACE);
  } catch {
    return 'unseen';
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'unseen';
    const seen = `${stat.ino}/${stat.mtimeMs}`;
    if (freed.get(home) === seen) return 'gone';
    const { kind } = probeLock(file);
    if (kind === 'busy') return isHolderHere(stat.ino) ? 'replaced' : 'elsewhere';
    if (kind !== 'locked') return 'unseen';
    freed.set(home, seen);
    return 'gone';
  } catch {
    return 'unseen';
  } finally {
    closeSync(file);
  }
}
