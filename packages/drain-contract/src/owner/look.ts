import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import type { PathControl } from './decide.ts';

/** The maximum number of links that the kernel follows. */
const MAX_LINKS = 40;

const GROUP_WRITE = 0o020;
const OTHER_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Who can change what `path` leads to. Looks at every part from the root directory down and resolves the links itself,
 * so that each part lies in a directory that has been looked at. Where the directory does not exist, it is about the
 * last one on the way that does: its writers may create it. @throws a system error when it cannot be determined.
 */
export function lookAtPath(path: string): PathControl {
  const absolute = resolve(path);
  let directory = parse(absolute).root;
  let stat = lstatSync(directory);
  const held = heldBy(directory, stat);
  const shared: PathControl['shared'][number][] = [];
  const ahead = parts(absolute);
  let incomplete = false;
  for (let links = 0; ahead.length > 0; ) {
    const name = ahead.shift() ?? '';
    const next = name === '..' ? dirname(directory) : join(directory, name);
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found?.isSymbolicLink()) {
      links += 1;
      if (links > MAX_LINKS) throw Object.assign(new Error(`too many links in ${path}`), { code: 'ELOOP' });
      const target = readlinkSync(next);
      held.push(...heldBy(next, found));
      ahead.unshift(...parts(target));
      shared.push(...sharedWith(directory, stat));
      if (target.startsWith(sep)) directory = parse(absolute).root;
      stat = lstatSync(directory);
      continue;
    }
    // A file is in the way, or nothing exists: the caller detects that.
    if (found === undefined || !found.isDirectory()) {
      incomplete = true;
      break;
    }
    shared.push(...sharedWith(directory, stat));
    held.push(...heldBy(next, found));
    [directory, stat] = [next, found];
  }
  const { uid, gid, mode } = stat;
  const open = (mode & OTHER_WRITE) !== 0 || ((mode & GROUP_WRITE) !== 0 && gid !== 0);
  return { directory, owner: { uid, gid }, incomplete, open, held, shared };
}

function parts(path: string): string[] {
  return path.split(sep).filter((part) => part !== '' && part !== '.');
}

function heldBy(path: string, { uid }: Stats): { path: string; uid: number }[] {
  return uid === 0 ? [] : [{ path, uid }];
}

/** In a sticky directory, only the owner of an entry and the owner of the directory can replace the entry. */
function sharedWith(path: string, { mode, gid }: Stats): PathControl['shared'][number][] {
  if ((mode & STICKY) !== 0) return [];
  if ((mode & OTHER_WRITE) !== 0) return [{ path, gid: undefined }];
  return (mode & GROUP_WRITE) !== 0 && gid !== 0 ? [{ path, gid }] : [];
}
