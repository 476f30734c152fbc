import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Flock,
  fileError,
  HOME_LOCK_FILENAME,
  lockDescriptor,
  PID_FILENAME,
  readGatewayState,
} from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import type { Log } from './drain/log.ts';
import { ReferenceLock, ReferenceServesError } from './reference-lock.ts';
import { LockFile, LockHeldError } from './storage/lock-file.ts';
import { isPassing, resultCode } from './storage/sqlite-failure.ts';

/** Another gateway serves the home. */
class HomeServedError extends StartupError {}

/** Retry interval for the lock of another gateway, in ms. */
const RETRY_MS = 1_000;

/**
 * Like {@link lockHome}, but if another gateway serves the home, waits until that exits or `stopped` aborts.
 * @throws StartupError for any other reason. @returns `undefined` after `stopped` has aborted.
 */
export async function lockHomeWhenFree(
  home: string,
  { stopped, log }: { readonly stopped: AbortSignal; readonly log: Log },
): Promise<HomeLock | undefined> {
  for (let logged = false; !stopped.aborted; logged = true) {
    try {
      return lockHome(home);
    } catch (error) {
      if (!(error instanceof HomeServedError)) throw error;
      if (!logged) log.warn({ reason: error.message }, 'standing by until the other gateway exits');
    }
    await delay(RETRY_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
  return undefined;
}

/**
 * Makes this process the only gateway of `home` until it ends for any reason. It takes two locks, each of which is
 * sufficient: a lock of the directory, which cannot be deleted without the home, and a lock of a file in it, for
 * systems that cannot lock a directory, and for older gateways. A third one is for gateways of the reference system.
 * @throws StartupError if another gateway has a lock. @returns the lock; keep it, and close it last.
 */
export function lockHome(home: string): HomeLock {
  requireAccess(home);
  const file = lockFile(home);
  try {
    return new HomeLock(home, file);
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/** The locks of a home. */
export class HomeLock implements Disposable {
  /** Why the directory itself is not locked, so that the lock file must not be deleted; `undefined` if it is locked. */
  readonly weakness: string | undefined;
  readonly #home: string;
  readonly #directory: number;
  readonly #reference: ReferenceLock;
  #file: LockFile;

  /** Only for {@link lockHome}. @throws StartupError */
  constructor(home: string, file: LockFile) {
    this.#home = home;
    this.#file = file;
    this.#directory = openSync(home, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      this.weakness = lockOpenHome(home, this.#directory);
      this.#reference = lockForReference(home);
    } catch (error) {
      closeSync(this.#directory);
      throw error;
    }
  }

  /** Names this process to the reference system as the gateway of the home. @throws StartupError */
  register(): void {
    try {
      this.#reference.register();
    } catch (error) {
      throw fileError('write', join(this.#home, PID_FILENAME), error);
    }
  }

  /** Undoes {@link register}, for a process that ends before it disposes the lock. Never throws. */
  unregister(): void {
    this.#reference.unregister();
  }

  /**
   * Why another gateway may serve the home as well; `undefined` if none can. If the lock file was deleted or replaced,
   * locks the current one, and logs that to `log`. Never throws.
   */
  problem(log: Log): string | undefined {
    const change = this.#file.change();
    if (change === undefined) return this.#referenceProblem(log);
    const path = join(this.#home, HOME_LOCK_FILENAME);
    try {
      const file = lockFile(this.#home);
      this.#file[Symbol.dispose]();
      this.#file = file;
      log.warn({ file: path }, `the lock file ${change}; the gateway created and locked it again`);
      return undefined;
    } catch (error) {
      return `the lock ${path} ${change}, and this gateway cannot lock it again: ${(error as Error).message}`;
    }
  }

  #referenceProblem(log: Log): string | undefined {
    try {
      if (this.#reference.renew())
        log.warn('the lock file gateway.lock was deleted or replaced; created and locked again');
      return undefined;
    } catch (error) {
      return `gateway.lock was deleted or replaced, and this gateway cannot lock it again: ${(error as Error).message}`;
    }
  }

  [Symbol.dispose](): void {
    this.#reference[Symbol.dispose]();
    this.#file[Symbol.dispose]();
    closeSync(this.#directory);
  }
}

/** Checked before anything is written to a home that is not usable. */
function requireAccess(home: string): void {
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError('use', home, error);
  }
}

/** @returns why the file system cannot lock a directory, if it cannot. @throws StartupError */
function lockOpenHome(home: string, directory: number): string | undefined {
  let lock: Flock;
  try {
    lock = lockDescriptor(directory);
  } catch (error) {
    throw new StartupError(`cannot lock ${home}: ${(error as Error).message}`, { cause: error });
  }
  if (lock.kind === 'busy') throw servedError(home);
  return lock.kind === 'unsupported' ? lock.reason : undefined;
}

/** @throws StartupError */
function lockForReference(home: string): ReferenceLock {
  try {
    return new ReferenceLock(home);
  } catch (error) {
    if (!(error instanceof ReferenceServesError)) throw error;
    const holder = error.pid === undefined ? '' : ` (pid ${error.pid})`;
    throw new HomeServedError(
      `another gateway${holder} serves ${home} and holds its gateway.lock or gateway.pid: stop it first, or choose another HERMES_HOME or --profile`,
      { cause: error, temporary: false },
    );
  }
}

const CANNOT_OPEN = [8, 10, 13, 14];

/** @throws StartupError */
function lockFile(home: string): LockFile {
  try {
    return new LockFile(join(home, HOME_LOCK_FILENAME), 0);
  } catch (error) {
    if (error instanceof LockHeldError) throw servedError(home, error);
    const reason = CANNOT_OPEN.includes(resultCode(error))
      ? `${HOME_LOCK_FILENAME} cannot be written there: check free space and permissions of the volume`
      : (error as Error).message;
    const temporary = isPassing(join(home, HOME_LOCK_FILENAME), error);
    throw new StartupError(`cannot lock ${home}: ${reason}`, { cause: error, temporary });
  }
}

function servedError(home: string, cause?: unknown): HomeServedError {
  const { pid, endpoint } = readGatewayState({ home }) ?? {};
  const holder = pid ? ` (pid ${pid}, ${endpoint ?? 'not listening'})` : '';
  return new HomeServedError(
    `another gateway${holder} serves ${home}: stop it first, or choose another HERMES_HOME or --profile`,
    // Only an operator knows which of the two should serve the home.
    { cause, temporary: false },
  );
}
