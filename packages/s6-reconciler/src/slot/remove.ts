import { chmodSync, lchownSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes the directory tree at `path`, which this process owns. Parts of a slot belong to the unprivileged user, who
 * may still be inside and could put a link where a directory was; so root first takes every directory back.
 */
export function removeTree(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() && process.geteuid?.() === 0) takeBack(path);
  rmSync(path, { recursive: true, force: true });
}

/** From the top down: once a directory is ours alone, no other user can replace its entries. */
function takeBack(directory: string): void {
  lchownSync(directory, 0, 0);
  chmodSync(directory, 0o700);
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (lstatSync(path).isDirectory()) takeBack(path);
  }
}
