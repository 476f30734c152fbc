import { requireRootsOwn as requireOfRoot } from '@hermes/drain-contract';
import { slotError } from './errors.ts';

/** For root, which works only where nobody else can change what `directory` leads to. @throws S6Error `not_permitted`. */
export function requireRootsOwn(directory: string): void {
  try {
    requireOfRoot(directory);
  } catch (error) {
    throw slotError(`use ${directory}`, error);
  }
}
