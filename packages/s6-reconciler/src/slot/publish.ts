import { existsSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../errors.ts';
import { replaceSlotFile } from './build.ts';
import { DOWN_FILE, type SlotFile } from './definition.ts';
import { removeTree } from './remove.ts';
import type { StagingArea } from './staging-area.ts';

/** What a rename says of a place that something else has: a directory that is not empty, or no directory. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR']);

/** Moves the finished slot `name` from the staging area into the scan directory, in the place of an unsupervised old one. */
export function publishSlot(area: StagingArea, name: string): void {
  const slot = `${area.scandir}/${name}`;
  try {
    renameSync(area.stagedPath(name), slot);
    return;
  } catch (error) {
    if (!IN_THE_WAY.has(errnoOf(error))) throw error;
  }
  // A directory that is not empty cannot be replaced by one rename. A crash between these two leaves both in the
  // staging area, and the next run publishes anew.
  removeTree(area.trashPath(name));
  renameSync(slot, area.trashPath(name));
  renameSync(area.stagedPath(name), slot);
  removeTree(area.trashPath(name));
}

/**
 * Brings the files of a slot that may be in use up to date, each by itself, and leaves alone what s6-supervise made.
 * @returns whether anything had to change.
 */
export function refreshSlot(slot: string, files: ReadonlyMap<string, SlotFile>): boolean {
  let changed = false;
  for (const [name, file] of files) {
    const path = join(slot, name);
    if (holds(path, file)) continue;
    replaceSlotFile(path, file);
    changed = true;
  }
  return changed;
}

/** Whether s6-supervise, when it starts, is to leave the service down. */
export function setDown(slot: string, down: boolean): void {
  const path = join(slot, 'down');
  if (!down) rmSync(path, { force: true });
  else if (!existsSync(path)) replaceSlotFile(path, DOWN_FILE);
}

function holds(path: string, { text, mode }: SlotFile): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && (stat.mode & 0o777) === mode && readFileSync(path, 'utf8') === text;
}
