import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** Folders that refer to each other in a circle, with the imports that make it one. */
export interface FolderCircle {
  readonly folders: readonly string[];
  /** Lines of the form `file -> file`. */
  readonly imports: readonly string[];
}

interface Import {
  readonly from: string;
  readonly to: string;
}

const RELATIVE_IMPORT = /(?:from |import |import\()'(\.[^']+)'/g;

/**
 * The circles among the folders directly below `root`. A file beside them is a folder of its own. Tests and what only
 * they use do not count.
 */
export function folderCircles(root: string): FolderCircle[] {
  const imports = importsBelow(root).filter(({ from, to }) => folderOf(from) !== folderOf(to));
  const arrows = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const targets = arrows.get(folderOf(from)) ?? new Set();
    arrows.set(folderOf(from), targets.add(folderOf(to)));
  }
  const reached = new Map([...arrows.keys()].map((folder) => [folder, reachableFrom(folder, arrows)]));
  const isCircle = (one: string, other: string) => reached.get(one)?.has(other) && reached.get(other)?.has(one);
  const circles: FolderCircle[] = [];
  for (const folder of arrows.keys()) {
    if (!isCircle(folder, folder) || circles.some(({ folders }) => folders.includes(folder))) continue;
    const folders = [...arrows.keys()].filter((other) => isCircle(folder, other));
    const inside = imports.filter(({ from, to }) => [from, to].every((file) => folders.includes(folderOf(file))));
    circles.push({ folders, imports: inside.map(({ from, to }) => `${from} -> ${to}`) });
  }
  return circles;
}

function importsBelow(root: string): Import[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isProgram);
  return files.flatMap((from) =>
    [...readFileSync(join(root, from), 'utf8').matchAll(RELATIVE_IMPORT)]
      .map(([, path = '']) => ({ from, to: normalize(join(dirname(from), path)) }))
      .filter(({ to }) => !to.startsWith('..')),
  );
}

function isProgram(file: string): boolean {
  return /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.split(sep).includes('testing');
}

function folderOf(file: string): string {
  return file.split(sep)[0] ?? file;
}

function reachableFrom(start: string, arrows: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const target of arrows.get(folder) ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      open.push(target);
    }
  }
  return reached;
}
