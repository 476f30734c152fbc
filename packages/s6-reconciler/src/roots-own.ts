import { requireRootsOwn as requireOfRoot } from '@hermes/drain-contract';
import { slotError } from './errors.ts';

/** Refuses root where another user can change what `directory` leads to. @throws ServiceError `not_permitted`. */
export function requireRootsOwn(directory: string): void {
  try {
    requireOfRoot(directory);
  } catch (error) {
    throw slotError(`use ${directory}`, error);
  }
}
