import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { slotError } from '../errors.ts';
import { profileOfSlot } from '../slot/name.ts';
import { isOfAnotherHome, isOfReferenceSystem, isOrphaned } from '../slot/owner.ts';
import { isScanned, isSupervised } from '../slot/probe.ts';
import { asUser, type User } from '../user.ts';
import type { ScandirSnapshot } from './snapshot.ts';

/**
 * Looks at the scan directory for the gateways of a root home, at which it looks as `user`. @throws ServiceError when it cannot be read.
 */
export function readScandir(scandir: string, rootHome: string, user?: User): ScandirSnapshot {
  const services = listServices(scandir);
  const slots = services.filter((name) => profileOfSlot(name) !== undefined);
  const supervised = new Set(slots.filter((name) => isSupervised(join(scandir, name))));
  return {
    scanned: isScanned(scandir),
    slots: new Set(slots),
    supervised,
    foreign: new Set(slots.filter((name) => isOfAnotherHome(join(scandir, name), rootHome))),
    reference: new Set([...supervised].filter((name) => isOfReferenceSystem(join(scandir, name)))),
    orphaned: findOrphans(
      scandir,
      slots.filter((name) => !supervised.has(name)),
      rootHome,
      user,
    ),
    others: services.length - slots.length,
  };
}

function findOrphans(scandir: string, slots: readonly string[], rootHome: string, user?: User): ReadonlySet<string> {
  if (slots.length === 0) return new Set();
  const isOrphan = (name: string) => isOrphaned(join(scandir, name), profileOfSlot(name) ?? '', rootHome);
  return asUser(user, () => new Set(slots.filter(isOrphan)));
}

function listServices(scandir: string): string[] {
  try {
    return readdirSync(scandir).filter((name) => !name.startsWith('.'));
  } catch (error) {
    throw slotError(`read the scan directory ${scandir}`, error);
  }
}
