import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '@hermes/service-kit';

const LOCK_FILENAME = '.gateway.lock';

/**
 * Makes this process the only gateway of `home`, until it ends however it ends: the kernel lets go of the lock, so a
 * crash leaves nothing to clean up, and containers that share the volume exclude each other, too. SQLite holds it,
 * because Node has no file locks of its own.
 * @throws StartupError when another gateway has it. @returns the lock; keep it, and close it at the very end.
 */
export function lockHome(home: string): Disposable {
  const path = join(home, LOCK_FILENAME);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) throw new StartupError(`cannot lock ${home}: ${path} is not a regular file; remove it`);
  try {
    const lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => lock.close() };
  } catch (error) {
    throw new StartupError(`cannot lock ${home}: ${cureOf(error)}`, { cause: error });
  }
}

const BUSY = 5;
const CANNOT_OPEN = [8, 10, 13, 14];

function cureOf(error: unknown): string {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  if (code === BUSY)
    return 'another gateway serves it; stop that one first, or choose another HERMES_HOME or --profile';
  if (CANNOT_OPEN.includes(code))
    return `${LOCK_FILENAME} cannot be written there; the volume may be full or read-only for this user`;
  return (error as Error).message;
}
