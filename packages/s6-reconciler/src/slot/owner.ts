import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { servesHome } from './definition.ts';

/** Whether the slot at `path` runs a gateway of another root home: two homes may have profiles of the same name. */
export function isOfAnotherHome(path: string, rootHome: string): boolean {
  try {
    return !servesHome(readFileSync(join(path, 'run'), 'utf8'), rootHome);
  } catch {
    // Nothing that could be run, or that this user may know of.
    return false;
  }
}
