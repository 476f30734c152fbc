import { statSync } from 'node:fs';
import { slotError } from '../errors.ts';
import { type User, userToDropTo } from '../user.ts';

/**
 * Root on a scan directory of somebody else becomes that user for good: whatever root did there, its owner could turn
 * against root. @returns the user that the gateways of a root supervisor drop to, `undefined` if there is none.
 * @throws S6Error.
 */
export function settleIdentity(scandir: string, user: string): User | undefined {
  const { setgroups, setgid, setuid } = process;
  if (process.geteuid?.() === 0 && setgroups && setgid && setuid) {
    const owner = ownerOf(scandir);
    if (owner.uid !== 0) {
      setgroups([owner.gid]);
      setgid(owner.gid);
      setuid(owner.uid);
    }
  }
  return userToDropTo(user);
}

function ownerOf(scandir: string): User {
  try {
    const { uid, gid } = statSync(scandir);
    return { uid, gid };
  } catch (error) {
    throw slotError(`use the scan directory ${scandir}`, error);
  }
}
