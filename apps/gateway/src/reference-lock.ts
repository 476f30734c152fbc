import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  FLOCK_FILENAME,
  lockDescriptor,
  PID_FILENAME,
  processStartTime,
  registeredGateway,
  UNTRUSTED_PLACE,
} from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';

/** How long to wait for a reader that holds the lock to find out whether it is held, in seconds. */
const PROBE_SECONDS = 1;

const FLAGS = constants.O_RDWR | constants.O_CREAT | UNTRUSTED_PLACE;

/** A gateway of the reference system serves the home. */
export class ReferenceServesError extends Error {
  readonly pid: number | undefined;

  constructor(pid: number | undefined) {
    super('a gateway of the reference system serves the home');
    this.pid = pid;
  }
}

/**
 * What the reference system's gateways hold and look at: `gateway.lock`, by flock(2), and `gateway.pid`. With both, each
 * system refuses to start a second gateway of a home, and sees the other's as alive.
 */
export class ReferenceLock implements Disposable {
  readonly #home: string;
  #file: number;
  #record: string | undefined;

  /** Takes the lock. @throws ReferenceServesError, StartupError */
  constructor(home: string) {
    this.#home = home;
    this.#file = takeLock(home);
  }

  /** Names this process in both files, for as long as it serves the home. @throws the error of the file system. */
  register(): void {
    this.#record = JSON.stringify({
      pid: process.pid,
      kind: 'hermes-gateway',
      argv: ['hermes-gateway', ...process.argv.slice(2)],
      start_time: processStartTime(),
      hermes_home: this.#home,
    });
    ftruncateSync(this.#file);
    writeSync(this.#file, this.#record, 0);
    const path = join(this.#home, PID_FILENAME);
    rmSync(path, { force: true });
    writeFileSync(path, this.#record, { flag: 'wx', mode: 0o644 });
  }

  /** Takes the lock again where its file was deleted or replaced. @returns whether it was. @throws as the constructor. */
  renew(): boolean {
    const stat = lstatSync(join(this.#home, FLOCK_FILENAME), { throwIfNoEntry: false });
    const { ino, dev } = fstatSync(this.#file);
    if (stat?.ino === ino && stat.dev === dev) return false;
    const file = takeLock(this.#home);
    closeSync(this.#file);
    this.#file = file;
    if (this.#record !== undefined) this.register();
    return true;
  }

  /** Removes `gateway.pid`, if it is still that of this process. Never throws. */
  unregister(): void {
    if (this.#record === undefined || registeredGateway(this.#home)?.pid !== process.pid) return;
    this.#record = undefined;
    try {
      rmSync(join(this.#home, PID_FILENAME), { force: true });
    } catch {
      // The process that it names has ended soon: readers look for it.
    }
  }

  [Symbol.dispose](): void {
    this.unregister();
    closeSync(this.#file);
  }
}

function takeLock(home: string): number {
  const path = join(home, FLOCK_FILENAME);
  const file = openLock(home, path);
  try {
    const { kind } = lockDescriptor(file, { waitSeconds: PROBE_SECONDS });
    const other = registeredGateway(home);
    // Old versions of the reference system have no lock, and a file system may have none.
    if (kind === 'busy' || (other && other.pid !== process.pid)) throw new ReferenceServesError(other?.pid);
    return file;
  } catch (error) {
    closeSync(file);
    if (error instanceof ReferenceServesError) throw error;
    throw new StartupError(`cannot lock ${home}: ${(error as Error).message}`, { cause: error });
  }
}

function openLock(home: string, path: string): number {
  const before = lstatSync(path, { throwIfNoEntry: false });
  // A file with a second name belongs to another program, and this process would write into it.
  if (before && !(before.isFile() && before.nlink === 1))
    throw new StartupError(`cannot lock ${home}: ${path} is not a regular file; remove it`);
  const file = openSync(path, FLAGS, 0o644);
  const stat = fstatSync(file);
  if (stat.isFile() && stat.nlink === 1) return file;
  closeSync(file);
  throw new StartupError(`cannot lock ${home}: ${path} was replaced while it was locked; retry`);
}
