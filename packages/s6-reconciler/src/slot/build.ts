import { spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ServiceError } from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';
import type { User } from '../user.ts';
import { DOWN_FILE, type SlotFile } from './definition.ts';
import { removeTree } from './remove.ts';
import { CONTROL_MODE, DIRECTORY_MODE, SKELETON_DIRECTORIES, SKELETON_FIFOS } from './skeleton.ts';

/** Paths given to one mkfifo process; the kernel bounds the size of its command line. */
const MAX_ARGUMENT_BYTES = 100_000;
const MKFIFO_TIMEOUT_MS = 30_000;

/**
 * Writes a slot without its FIFOs at `path`, in the place of whatever an interrupted command left there: its files, and
 * the directories of the supervise skeleton, which belong to `user`.
 */
export function buildSlot(path: string, files: ReadonlyMap<string, SlotFile>, up: boolean, user?: User): void {
  makeAnew(path);
  // Whether no umask and no default takes away from the modes that things are made with; then none is looked at again.
  const exact = (lstatSync(path).mode & 0o7777) === DIRECTORY_MODE;
  if (!exact) chmodSync(path, DIRECTORY_MODE);
  mkdirSync(`${path}/log`, DIRECTORY_MODE);
  if (!exact) chmodSync(`${path}/log`, DIRECTORY_MODE);
  for (const [name, file] of files) writeScript(`${path}/${name}`, file, exact);
  if (!up) writeScript(`${path}/down`, DOWN_FILE, exact);
  for (const part of SKELETON_DIRECTORIES) {
    const directory = `${path}/${part.path}`;
    mkdirSync(directory, part.mode & 0o777);
    if (user) lchownSync(directory, user.uid, user.gid);
    // After the change of owner, which takes the set-group-id bit away; mkdir itself does not give it.
    if (!exact || part.mode > 0o777) chmodSync(directory, part.mode);
  }
}

/** Makes the FIFOs of the skeletons of all `slots`, which belong to `user`. Node has no system call for it, hence mkfifo. */
export function makeFifos(slots: readonly string[], user?: User): void {
  const paths = slots.flatMap((slot) => SKELETON_FIFOS.map((fifo) => `${slot}/${fifo}`));
  for (const batch of inBatches(paths)) mkfifo(batch);
  for (const path of paths) {
    if (user) lchownSync(path, user.uid, user.gid);
    // Not by mkfifo, which would open, look at and close each, and change it by way of /proc. No link can have come
    // in between: nothing else gets into a staging area.
    chmodSync(path, CONTROL_MODE);
  }
}

function mkfifo(paths: readonly string[]): void {
  // Synchronous: for a few slots, to start it and wait takes less time than an asynchronous exit event.
  const made = spawnSync('mkfifo', ['--', ...paths], { encoding: 'utf8', timeout: MKFIFO_TIMEOUT_MS });
  if (made.status === 0) return;
  const reason = made.error?.message ?? made.stderr.trim().split('\n')[0] ?? `exit status ${made.status}`;
  throw new ServiceError('failed', `mkfifo could not make the control FIFOs: ${reason}`);
}

function* inBatches(paths: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    if (bytes + path.length > MAX_ARGUMENT_BYTES && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(path);
    bytes += path.length + 1;
  }
  if (batch.length > 0) yield batch;
}

/** Replaces one file of a slot that is in use, by rename: s6-supervise sees the old one or the new one. */
export function replaceSlotFile(path: string, file: SlotFile): void {
  // Of this process alone: start and stop may come at the same time.
  const temporary = join(dirname(path), `.hermes-s6.${process.pid}`);
  rmSync(temporary, { force: true });
  writeScript(temporary, file);
  renameSync(temporary, path);
}

function makeAnew(path: string): void {
  try {
    mkdirSync(path, DIRECTORY_MODE);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    removeTree(path);
    mkdirSync(path, DIRECTORY_MODE);
  }
}

function writeScript(path: string, { text, mode }: SlotFile, exact = false): void {
  // With the encoding named, Node does it all in one step.
  writeFileSync(path, text, { encoding: 'utf8', flag: 'wx', mode });
  if (!exact && (lstatSync(path).mode & 0o7777) !== mode) chmodSync(path, mode);
}
