import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package that others wrote, with what its license asks to be passed on. */
export interface ThirdParty {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as its package.json has it. */
  readonly license: string;
  /** License and notice files, word by word; empty where the package ships none. */
  readonly texts: readonly string[];
  /** Whom package.json names as author, for a package without a text; may be empty. */
  readonly author: string;
}

/** Not the dot files of editors, and no source file that happens to be called license.js. */
const TEXT = /^(licen[cs]e|copying|notice)([-._].*)?$/i;
const SOURCE = /\.([cm]?[jt]s|json|map)$/i;

/** The directory of the package that a file belongs to: the nearest package.json with a name and a version. */
export function packageDirectory(file: string): string {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) {
      const { name, version } = readManifest(directory);
      if (name !== undefined && version !== undefined) return directory;
    }
    if (directory === dirname(directory)) throw new Error(`${file} belongs to no package: no package.json above it`);
  }
}

/** Whether it is one of ours: those are linked from the workspace, and have the license of the whole. */
export function isOurs(name: string): boolean {
  return name.startsWith('@hermes/');
}

/** @throws {Error} where the package does not say under which license it is */
export function readThirdParty(directory: string): ThirdParty {
  const { name, version, license, author } = readManifest(directory);
  if (name === undefined || version === undefined)
    throw new Error(`${directory}/package.json: name and version expected`);
  if (typeof license !== 'string')
    throw new Error(`${name}@${version}: package.json has no "license" (an SPDX expression)`);
  const files = readdirSync(directory).filter((file) => TEXT.test(file) && !SOURCE.test(file));
  const texts = files.sort().map((file) => readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return { name, version, license, texts, author: (typeof author === 'string' ? author : author?.name) ?? '' };
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: unknown;
  readonly author?: string | { readonly name?: string };
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}
