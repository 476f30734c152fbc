import { accessSync, constants, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileError, readGatewayState } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';

const LOCK_FILENAME = '.gateway.lock';

/**
 * Makes this process the only gateway of `home`, until it ends however it ends: the kernel lets go of the lock, so a
 * crash leaves nothing to clean up, and containers that share the volume exclude each other, too. SQLite holds it,
 * because Node has no file locks of its own.
 * @throws StartupError when another gateway has it. @returns the lock; keep it, and close it at the very end.
 */
export function lockHome(home: string): Disposable {
  requireAccess(home);
  const path = join(home, LOCK_FILENAME);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) throw new StartupError(`cannot lock ${home}: ${path} is not a regular file; remove it`);
  try {
    const lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => lock.close() };
  } catch (error) {
    throw new StartupError(cureOf(home, error), { cause: error });
  }
}

/** Before anything is left behind in a home that turns out to be of no use. */
function requireAccess(home: string): void {
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError('use', home, error);
  }
}

const BUSY = 5;
const CANNOT_OPEN = [8, 10, 13, 14];

function cureOf(home: string, error: unknown): string {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  if (code === BUSY) {
    const { pid, endpoint } = readGatewayState({ home }) ?? {};
    const holder = pid ? ` (pid ${pid}, ${endpoint ?? 'not listening'})` : '';
    return `another gateway${holder} serves ${home}: stop it first, or choose another HERMES_HOME or --profile`;
  }
  if (CANNOT_OPEN.includes(code))
    return `cannot lock ${home}: ${LOCK_FILENAME} cannot be written there; the volume may be full or read-only for this user`;
  return `cannot lock ${home}: ${(error as Error).message}`;
}
