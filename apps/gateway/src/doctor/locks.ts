import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HOME_LOCK_FILENAME, observeGateway, PID_FILENAME, registeredGateway, shellLine } from '@hermes/drain-contract';
import { type Finding, fault, fine, reasonOf, unknown } from '@hermes/s6-reconciler';
import { deviceNumbers, lockHolders } from './lock-holders.ts';

/** Who holds the locks of the home: that of this gateway, and that of the reference system, which it holds as well. */
export function checkLocks(home: string): Finding {
  const own = checkOwnLock(home);
  return own.ok === true ? (otherRegisteredGateway(home) ?? own) : own;
}

/** A gateway that only the files of the reference system name; its lock does not say which process holds it. */
function otherRegisteredGateway(home: string): Finding | undefined {
  const registered = registeredGateway(home);
  const { live, state } = observeGateway({ home });
  if (registered === undefined || (live && registered.pid === state?.pid)) return undefined;
  return fault(
    `process ${registered.pid} is a gateway of this home, as ${join(home, PID_FILENAME)} says, and not the one that gateway_state.json names`,
    stopIt(registered.pid, home),
  );
}

/**
 * Who holds the lock of the home. It reads the kernel's list and takes no lock: a gateway that starts at that moment
 * would take this program for another gateway.
 */
function checkOwnLock(home: string): Finding {
  const path = join(home, HOME_LOCK_FILENAME);
  let holders: number[];
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return fine(`free: no gateway has made ${path}`);
    holders = lockHolders(readFileSync('/proc/locks', 'utf8'), { ...deviceNumbers(stat.dev), inode: stat.ino });
  } catch (error) {
    return unknown(`who holds ${path} cannot be seen: ${reasonOf(error)}`);
  }
  const { live, state } = observeGateway({ home });
  const [holder] = holders;
  if (holder === undefined) {
    if (!live) return fine(`free: no process that is visible here holds ${path}`);
    return unknown(`no process that is visible here holds ${path}, and a gateway is live (pid ${state?.pid})`);
  }
  if (live && (holder === state?.pid || holder === 0))
    return fine(`held by the gateway of this home (pid ${state?.pid})`);
  if (holder === 0) return unknown(`a process of another container holds ${path}`);
  return fault(
    `process ${holder} holds ${path}, and is not the gateway that gateway_state.json names`,
    stopIt(holder, home),
  );
}

function stopIt(pid: number, home: string): string {
  return `see what it is: ps -fp ${pid}; stop it, or use another home: export HERMES_HOME=${shellLine([`${home}-2`])}`;
}
