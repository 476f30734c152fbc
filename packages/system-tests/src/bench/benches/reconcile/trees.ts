import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whatever a contender keeps in the scan directory besides slots: it is no part of what s6-svscan sees. */
const HIDDEN = /^\./;

/**
 * Holds what two contenders have made against each other: names, types, modes, owners and contents.
 * @param mayDiffer names of files in a slot that differ on purpose.
 * @throws Error that names the first differences.
 */
export function requireSameSlots(ours: string, theirs: string, mayDiffer: readonly string[] = []): void {
  const [a, b] = [ours, theirs].map((scandir) => slotsOf(scandir, new Set(mayDiffer)));
  const onlyIn = (one: readonly string[] = [], other: readonly string[] = []) => {
    const known = new Set(other);
    return one.filter((line) => !known.has(line)).slice(0, 5);
  };
  const found = { ours: onlyIn(a, b), theirs: onlyIn(b, a) };
  if (found.ours.length + found.theirs.length === 0) return;
  throw new Error(`expected the same slots, found only in ours: ${found.ours}; only in theirs: ${found.theirs}`);
}

function slotsOf(scandir: string, mayDiffer: ReadonlySet<string>): string[] {
  const names = readdirSync(scandir, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => !HIDDEN.test(name) && !mayDiffer.has(name.slice(name.indexOf('/') + 1)))
    .map((name) => {
      const path = join(scandir, name);
      const stat = lstatSync(path);
      const text = stat.isFile() ? JSON.stringify(readFileSync(path, 'utf8')) : '';
      return `${name} ${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${text}`;
    });
}
