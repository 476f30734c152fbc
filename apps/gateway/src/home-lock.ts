import { accessSync, constants, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { fileError, readGatewayState } from '@hermes/drain-contract';
import { type Logger, StartupError } from '@hermes/service-kit';

const LOCK_FILENAME = '.gateway.lock';

/** Another gateway serves the home. */
class HomeServedError extends StartupError {}

/** Between two attempts to take over from another gateway, in ms. */
const RETRY_MS = 1_000;

/**
 * As {@link lockHome}, but where another gateway serves the home, waits until that ends or `stopped` aborts.
 * @throws StartupError for any other reason. @returns `undefined` when it was stopped.
 */
export async function lockHomeWhenFree(
  home: string,
  { stopped, log }: { readonly stopped: AbortSignal; readonly log: Logger },
): Promise<Disposable | undefined> {
  for (let told = false; !stopped.aborted; told = true) {
    try {
      return lockHome(home);
    } catch (error) {
      if (!(error instanceof HomeServedError)) throw error;
      if (!told) log.warn({ reason: error.message }, 'standing by until the other gateway ends');
    }
    await delay(RETRY_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
  return undefined;
}

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
    throw lockError(home, error);
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

function lockError(home: string, error: unknown): StartupError {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  if (code === BUSY) {
    const { pid, endpoint } = readGatewayState({ home }) ?? {};
    const holder = pid ? ` (pid ${pid}, ${endpoint ?? 'not listening'})` : '';
    return new HomeServedError(
      `another gateway${holder} serves ${home}: stop it first, or choose another HERMES_HOME or --profile`,
      { cause: error },
    );
  }
  const reason = CANNOT_OPEN.includes(code)
    ? `${LOCK_FILENAME} cannot be written there; the volume may be full or read-only for this user`
    : (error as Error).message;
  return new StartupError(`cannot lock ${home}: ${reason}`, { cause: error });
}
