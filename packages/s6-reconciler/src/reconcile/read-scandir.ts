import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { slotError } from '../errors.ts';
import { profileOfSlot } from '../slot/name.ts';
import { isScanned, isSupervised } from '../slot/probe.ts';
import type { ScandirSighting } from './sighting.ts';

/** Looks at the scan directory. @throws S6Error when it cannot be read. */
export function readScandir(scandir: string): ScandirSighting {
  const services = listServices(scandir);
  const slots = services.filter((name) => profileOfSlot(name) !== undefined);
  return {
    scanned: isScanned(scandir),
    slots: new Set(slots),
    supervised: new Set(slots.filter((name) => isSupervised(join(scandir, name)))),
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
