import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { slotError } from '../errors.ts';
import { profileOfSlot } from '../slot/name.ts';
import { isOfAnotherHome } from '../slot/owner.ts';
import { isScanned, isSupervised } from '../slot/probe.ts';
import type { ScandirSnapshot } from './snapshot.ts';

/** Looks at the scan directory for the gateways of a root home. @throws ServiceError when it cannot be read. */
export function readScandir(scandir: string, rootHome: string): ScandirSnapshot {
  const services = listServices(scandir);
  const slots = services.filter((name) => profileOfSlot(name) !== undefined);
  return {
    scanned: isScanned(scandir),
    slots: new Set(slots),
    supervised: new Set(slots.filter((name) => isSupervised(join(scandir, name)))),
    foreign: new Set(slots.filter((name) => isOfAnotherHome(join(scandir, name), rootHome))),
    others: services.length - slots.length,
  };
}

function listServices(scandir: string): string[] {
  try {
    return readdirSync(scandir).filter((name) => !name.startsWith('.'));
  } catch (error) {
    throw slotError(`read the scan directory ${scandir}`, error);
  }
}
