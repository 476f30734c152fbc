import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { User } from '../user.ts';
import { DOWN_FILE, type SlotFile } from './definition.ts';
import { CONTROL_MODE, DIRECTORY_MODE, SKELETON_DIRECTORIES, SKELETON_FIFOS } from './skeleton.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, S_IFREG, S_IFDIR, S_IFIFO } = constants;

const PARTS = ['log', ...SKELETON_DIRECTORIES.map((part) => part.path), ...SKELETON_FIFOS];
const DIRECTORIES = ['', 'log', ...SKELETON_DIRECTORIES.map((part) => part.path)];

/**
 * Whether the slot at `path` is already what it would be built as: the same files, directories and FIFOs and nothing
 * else, with the same contents, modes and owners. A link is followed nowhere. What cannot be told counts as different.
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
      hasNothingElse(path, expected.keys())
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
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!is(stat, S_IFREG | mode, owner) || stat.size !== expected.length) return false;
    const found = Buffer.allocUnsafe(expected.length);
    return expected.length === 0 || (readSync(fd, found) === expected.length && found.equals(expected));
  } finally {
    closeSync(fd);
  }
}

/** What is expected has been found already, so that to count is enough. */
function hasNothingElse(path: string, files: Iterable<string>): boolean {
  const counts = new Map(DIRECTORIES.map((directory) => [directory, 0]));
  for (const name of [...files, ...PARTS]) {
    const directory = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    counts.set(directory, (counts.get(directory) ?? 0) + 1);
  }
  return DIRECTORIES.every((directory) => countEntries(join(path, directory)) === counts.get(directory));
}

/** By its descriptor: its owner may put a link in the place of a directory at any time. */
function countEntries(directory: string): number {
  const fd = openSync(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return readdirSync(`/proc/self/fd/${fd}`).length;
  } finally {
    closeSync(fd);
  }
}
