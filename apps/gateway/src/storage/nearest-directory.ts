import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** `path`, or the innermost directory above it that exists. */
export function nearestDirectory(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestDirectory(dirname(path));
}
