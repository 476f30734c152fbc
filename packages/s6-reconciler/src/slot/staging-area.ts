import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FileLockError, ServiceError, takeFileLock } from '@hermes/drain-contract';
import { errnoOf, slotError } from '../errors.ts';
import { requireRootsOwn } from '../roots-own.ts';

/** How long to wait for another command that changes slots. */
const LOCK_TIMEOUT_MS = 15_000;

/**
 * The place in a scan directory where slots are built before they are published and put aside before they are removed.
 * Its name begins with a dot, so s6-svscan does not look into it; being in the same file system, a slot gets in and out
 * by one rename. Only the process that holds it open adds or removes slots.
 */
export class StagingArea implements Disposable {
  readonly scandir: string;
  readonly #lock: Disposable | undefined;

  private constructor(scandir: string, lock?: Disposable) {
    this.scandir = scandir;
    this.#lock = lock;
  }

  /** @throws ServiceError when the scan directory cannot be written, or another command keeps it for too long. */
  static async open(scandir: string, timeoutMs = LOCK_TIMEOUT_MS): Promise<StagingArea> {
    requireRootsOwn(scandir);
    const path = join(scandir, '.hermes-s6');
    try {
      makePrivateDirectory(path);
      makePrivateDirectory(join(path, 'new'));
      makePrivateDirectory(join(path, 'old'));
    } catch (error) {
      throw slotError(`work in ${scandir}`, error);
    }
    return new StagingArea(scandir, await lock(join(path, 'lock'), timeoutMs));
  }

  /** The same for another thread of the process that has it open, and keeps it open meanwhile. */
  static lent(scandir: string): StagingArea {
    return new StagingArea(scandir);
  }

  /** Where the slot `name` is built. */
  stagedPath(name: string): string {
    return `${this.scandir}/.hermes-s6/new/${name}`;
  }

  /** Where the slot `name` is put before it is removed. */
  trashPath(name: string): string {
    return `${this.scandir}/.hermes-s6/old/${name}`;
  }

  [Symbol.dispose](): void {
    this.#lock?.[Symbol.dispose]();
  }
}

function makePrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const stat = lstatSync(path);
  if (!stat.isDirectory()) throw new ServiceError('failed', `${path} is not a directory; remove it`);
  const self = process.geteuid?.() ?? stat.uid;
  // In one of root's, another user gets no further by itself.
  if (![self, 0].includes(stat.uid) || (stat.mode & 0o022) !== 0) {
    const found = `belongs to uid ${stat.uid}, mode ${(stat.mode & 0o7777).toString(8)}`;
    throw new ServiceError(
      'not_permitted',
      `${path} ${found}: expected one that only uid ${self} can write; remove it`,
    );
  }
}

async function lock(path: string, timeoutMs: number): Promise<Disposable> {
  try {
    return await takeFileLock(path, timeoutMs);
  } catch (error) {
    const { code, message } = error as FileLockError;
    if (code !== 'locked') throw new ServiceError('failed', message, { cause: error });
    const found = `another command has been changing slots for ${timeoutMs} ms (${path})`;
    throw new ServiceError('timeout', found, { cause: error });
  }
}
