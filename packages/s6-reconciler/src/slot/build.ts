import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { S6Error } from '../errors.ts';
import type { User } from '../user.ts';
import { DOWN_FILE, type SlotFile } from './definition.ts';
import { CONTROL_MODE, SKELETON_DIRECTORIES, SKELETON_FIFOS } from './skeleton.ts';

/** Paths given to one mkfifo process; the kernel bounds the size of its command line. */
const MAX_ARGUMENT_BYTES = 100_000;
const MKFIFO_TIMEOUT_MS = 30_000;

/**
 * Writes a slot without its FIFOs at `path`, where nothing may be: its files, and the directories of the supervise
 * skeleton, which belong to `user`.
 */
export function buildSlot(path: string, files: ReadonlyMap<string, SlotFile>, up: boolean, user?: User): void {
  makeDirectory(path, 0o755);
  makeDirectory(join(path, 'log'), 0o755);
  for (const [name, file] of files) writeScript(join(path, name), file);
  if (!up) writeScript(join(path, 'down'), DOWN_FILE);
  for (const part of SKELETON_DIRECTORIES) {
    const directory = join(path, part.path);
    mkdirSync(directory);
    if (user) chownSync(directory, user.uid, user.gid);
    // After the change of owner, which takes the set-group-id bit away.
    chmodSync(directory, part.mode);
  }
}

/** Makes the FIFOs of the skeletons of all `slots`, which belong to `user`. Node has no system call for it, hence mkfifo. */
export function makeFifos(slots: readonly string[], user?: User): void {
  const paths = slots.flatMap((slot) => SKELETON_FIFOS.map((fifo) => join(slot, fifo)));
  for (const batch of inBatches(paths)) mkfifo(batch);
  if (user) for (const path of paths) lchownSync(path, user.uid, user.gid);
}

function mkfifo(paths: readonly string[]): void {
  const mode = CONTROL_MODE.toString(8);
  const made = spawnSync('mkfifo', ['-m', mode, '--', ...paths], { encoding: 'utf8', timeout: MKFIFO_TIMEOUT_MS });
  if (made.status === 0) return;
  const reason = made.error?.message ?? made.stderr.trim().split('\n')[0] ?? `exit status ${made.status}`;
  throw new S6Error('failed', `mkfifo could not make the control FIFOs: ${reason}`);
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

function makeDirectory(path: string, mode: number): void {
  mkdirSync(path);
  setMode(path, mode);
}

function writeScript(path: string, { text, mode }: SlotFile): void {
  writeFileSync(path, text, { flag: 'wx', mode });
  setMode(path, mode);
}

/** The umask may have taken something away. */
function setMode(path: string, mode: number): void {
  if ((lstatSync(path).mode & 0o7777) !== mode) chmodSync(path, mode);
}
