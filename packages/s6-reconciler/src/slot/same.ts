import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { UNTRUSTED_PLACE } from '@hermes/drain-contract';
import type { User } from '../user.ts';
import { DOWN_FILE, type SlotFile } from './definition.ts';
import { CONTROL_MODE, DIRECTORY_MODE, SKELETON_DIRECTORIES, SKELETON_FIFOS } from './skeleton.ts';

const { O_RDONLY, S_IFREG, S_IFDIR, S_IFIFO } = constants;

const OWN_DIRECTORIES = ['event', 'supervise', 'log'];
const LOGGER_DIRECTORIES = ['event', 'supervise'];

/** What s6-supervise makes first, in the slot and in its logger, and never takes away. */
const LOCKS = ['supervise/lock', 'log/supervise/lock'];

/**
 * Whether the slot at `path` is already what it would be built as: the same files, directories and FIFOs and no
 * others, with the same contents, modes and owners, and never supervised. A link is followed nowhere: what is listed lies
 * in directories of our own. An unknown result counts as different.
 */
export function isBuiltAs(path: string, files: ReadonlyMap<string, SlotFile>, up: boolean, user?: User): boolean {
  try {
    const self: User = { uid: process.geteuid?.() ?? -1, gid: process.getegid?.() ?? -1 };
    const owner = user ?? self;
    const expected = up ? files : new Map([...files, ['down', DOWN_FILE]]);
    return (
      [path, join(path, 'log')].every((directory) => is(lstatSync(directory), S_IFDIR | DIRECTORY_MODE, self)) &&
      SKELETON_DIRECTORIES.every((part) => is(lstatSync(join(path, part.path)), S_IFDIR | part.mode, owner)) &&
      SKELETON_FIFOS.every((fifo) => is(lstatSync(join(path, fifo)), S_IFIFO | CONTROL_MODE, owner)) &&
      [...expected].every(([name, file]) => holds(join(path, name), file, self)) &&
      hasNothingElse(path, [...expected.keys()])
    );
  } catch {
    return false;
  }
}

function is({ mode, uid, gid }: Stats, expected: number, owner: User): boolean {
  return mode === expected && uid === owner.uid && gid === owner.gid;
}

function holds(path: string, { text, mode }: SlotFile, owner: User): boolean {
  const expected = Buffer.from(text);
  const fd = openSync(path, O_RDONLY | UNTRUSTED_PLACE);
  try {
    const stat = fstatSync(fd);
    if (!is(stat, S_IFREG | mode, owner) || stat.size !== expected.length) return false;
    const found = Buffer.allocUnsafe(expected.length);
    return expected.length === 0 || (readSync(fd, found) === expected.length && found.equals(expected));
  } finally {
    closeSync(fd);
  }
}

/**
 * What is expected has been found already, so that to count is enough. The directories of the skeleton are not listed:
 * their owner may put something there at any time, and a supervisor that has used them has left its lock.
 */
function hasNothingElse(path: string, files: readonly string[]): boolean {
  const ofLogger = files.filter((name) => name.startsWith('log/')).length;
  return (
    readdirSync(path).length === files.length - ofLogger + OWN_DIRECTORIES.length &&
    readdirSync(join(path, 'log')).length === ofLogger + LOGGER_DIRECTORIES.length &&
    LOCKS.every((lock) => lstatSync(join(path, lock), { throwIfNoEntry: false }) === undefined)
  );
}
