import {
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { becomeOwner, fileError, JOURNAL_FILENAME } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { lockHome } from '../home-lock.ts';
import { MIGRATIONS } from '../journal/sqlite/migrations.ts';
import { openDatabase } from '../journal/sqlite/open-database.ts';
import { nearestDirectory } from '../storage/nearest-directory.ts';
import { explainSystemError } from '../storage/system-error.ts';
import type { Manifest } from './manifest.ts';
import { type ArchiveSource, unpackArchive } from './read-archive.ts';
import { removeStaging, syncDirectory } from './target.ts';

/** What a new volume may contain. */
const EMPTY_VOLUME: ReadonlySet<string> = new Set(['lost+found']);

export interface Restored {
  readonly manifest: Manifest;
  /** Messages of all its journals that have no answer yet: a gateway runs their turns when it starts. */
  readonly unfinished: number;
}

export interface RestoreOptions {
  /** Absolute. */
  readonly file: string;
  /** Absolute. The home; it must be empty or missing. */
  readonly home: string;
  /** Gets the function that removes what is not complete, for an end by a signal. */
  readonly onStaged: (remove: () => void) => void;
}

/**
 * Restores a backup into an empty home. Nothing is in the home before every file has been checked.
 * @throws StartupError or ContractError, with the home as it was.
 */
export async function restore({ file, home, onStaged }: RestoreOptions): Promise<Restored> {
  const source = openArchive(file);
  try {
    // Root may be the only one that can read the backup; what it restores belongs to the owner of the place.
    becomeOwner(nearestDirectory(home));
    requireEmpty(home);
    mkdirSync(dirname(home), { recursive: true, mode: 0o755 });
    const isVolume = isOnOwnVolume(home);
    const staging = makeStaging(home, isVolume);
    onStaged(() => removeStaging(staging));
    try {
      const manifest = await unpackArchive(source, staging, MIGRATIONS.length);
      const journals = manifest.files.filter(({ path }) => basename(path) === JOURNAL_FILENAME);
      const counts = journals.map(({ path }) => adoptJournal(join(staging, path)));
      for (const directory of directoriesOf(staging)) syncDirectory(directory);
      if (isVolume) moveInto(staging, home);
      else replaceEmpty(staging, home);
      return { manifest, unfinished: counts.reduce((sum, count) => sum + count, 0) };
    } finally {
      removeStaging(staging);
    }
  } catch (error) {
    throw explainSystemError('use', home, error);
  } finally {
    source.input.destroy();
  }
}

function openArchive(file: string): ArchiveSource {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new StartupError(`no backup ${file}: check the path`);
    throw fileError('read', file, error);
  }
  if (fstatSync(descriptor).isFile()) return { file, input: createReadStream('', { fd: descriptor }) };
  closeSync(descriptor);
  throw new StartupError(`${file} is not a regular file: expected a file that hermes-gateway backup made`);
}

function requireEmpty(home: string): void {
  const stat = lstatSync(home, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) throw new StartupError(`${home} is not a directory: choose another one`);
  let names: string[];
  try {
    names = readdirSync(home);
  } catch (error) {
    throw fileError('read', home, error);
  }
  const found = names.find((name) => !EMPTY_VOLUME.has(name));
  if (found === undefined) return;
  throw new StartupError(`${home} is not empty (${found}): choose an empty directory, or one that does not exist`);
}

/** A volume cannot be replaced by a directory beside it. */
function isOnOwnVolume(home: string): boolean {
  const stat = statSync(home, { throwIfNoEntry: false });
  return stat !== undefined && (stat.dev !== statSync(dirname(home)).dev || readdirSync(home).length > 0);
}

function makeStaging(home: string, isVolume: boolean): string {
  const directory = isVolume ? home : dirname(home);
  try {
    return mkdtempSync(join(directory, `.${basename(home)}.restore-`));
  } catch (error) {
    throw fileError('write into', directory, error);
  }
}

/**
 * Checks a restored journal and brings it to the current schema. It gets a new identity: after the backup, the original
 * gave further events the numbers that this one will give to others, and readers must not take them for the same.
 * @returns the turns that have not ended.
 */
function adoptJournal(path: string): number {
  const database = openDatabase(path);
  try {
    database.exec('UPDATE identity SET id = lower(hex(randomblob(6)))');
    return Number(database.prepare('SELECT count(*) AS count FROM turns WHERE ended_at IS NULL').get()?.count);
  } finally {
    database.close();
  }
}

function* directoriesOf(path: string): Generator<string> {
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) yield* directoriesOf(join(path, entry.name));
  yield path;
}

/** In one step; a home that is not empty any more stays. */
function replaceEmpty(staging: string, home: string): void {
  try {
    renameSync(staging, home);
  } catch (error) {
    throw new StartupError(`${home} changed meanwhile; nothing was restored: choose an empty directory`, {
      cause: error,
      temporary: false,
    });
  }
  syncDirectory(dirname(home));
}

/** One by one, while no gateway can start there; the journal last. If one fails, those before it are moved back. */
function moveInto(staging: string, home: string): void {
  using _lock = lockHome(home);
  const moved: string[] = [];
  const names = readdirSync(staging).toSorted(
    (a, b) => Number(a === JOURNAL_FILENAME) - Number(b === JOURNAL_FILENAME),
  );
  try {
    for (const name of names) {
      if (existsSync(join(home, name)))
        throw new StartupError(`${join(home, name)} was made meanwhile; nothing was restored`);
      renameSync(join(staging, name), join(home, name));
      moved.push(name);
    }
    syncDirectory(home);
    rmdirSync(staging);
  } catch (error) {
    for (const name of moved) renameSync(join(home, name), join(staging, name));
    throw error;
  }
}
