import { randomUUID } from 'node:crypto';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A temporary file exists for milliseconds; the writer of one older than this has crashed, in ms. */
export const LEFTOVER_AGE_MS = 60_000;

const seen = new Set<string>();

/** The temporary path for the next content of `path`: in the same directory, with an unpredictable name. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${unguessable()}.tmp`);
}

/**
 * Removes what writers of `path` that died half-way left beside it: regular files under exactly such a name, and old
 * enough. Does it once for a process and path. Never fails: what cannot be removed stays.
 */
export function removeLeftovers(path: string): Promise<void> | undefined {
  if (seen.has(path)) return undefined;
  seen.add(path);
  return tidy(path);
}

async function tidy(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    if (isTemporaryOf(basename(path), name)) await removeIfOld(join(dirname(path), name)).catch(() => undefined);
  }
}

/** 16 hexadecimal digits: the random end of a UUID, of which Node keeps a reserve, as it does of no other random bytes. */
function unguessable(): string {
  return randomUUID().slice(-17).replace('-', '');
}

function isTemporaryOf(base: string, name: string): boolean {
  const start = `.${base}.`;
  return name.startsWith(start) && /^[0-9a-f]{16}\.tmp$/.test(name.slice(start.length));
}

async function removeIfOld(path: string): Promise<void> {
  const stat = await lstat(path);
  if (stat.isFile() && Date.now() - stat.mtimeMs > LEFTOVER_AGE_MS) await unlink(path);
}
