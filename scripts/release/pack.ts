import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { pnpm } from '../pnpm.mjs';
import type { Package } from './packages.ts';
import { EXIT, Refusal } from './refusal.ts';
import { integrityOfFile } from './tarball/unpacked.ts';

/** A package, and the tarball that is published of it. */
export interface Packed {
  readonly of: Package;
  readonly tarball: string;
  readonly integrity: string;
}

/** What `release.json` beside the tarballs says: a release that broke off continues with these very files. */
interface Record {
  readonly commit: string;
  readonly tarballs: Readonly<{ [name: string]: { readonly file: string; readonly integrity: string } }>;
}

/** Packs each package into `directory`, which is emptied before. */
export async function packAll(
  root: string,
  directory: string,
  packages: readonly Package[],
  commit: string,
): Promise<Packed[]> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const packed = packages.map((of) => pack(root, directory, of));
  const tarballs = packed.map(({ of, tarball, integrity }) => [
    of.manifest.name,
    { file: tarball.slice(directory.length + 1), integrity },
  ]);
  await writeJson(join(directory, 'release.json'), { commit, tarballs: Object.fromEntries(tarballs) });
  return packed;
}

/** What was packed into `directory` from this commit, when all of it is there and as it was; undefined otherwise. */
export function packedBefore(directory: string, packages: readonly Package[], commit: string): Packed[] | undefined {
  const record = readRecord(join(directory, 'release.json'));
  if (record?.commit !== commit) return undefined;
  const packed = packages.flatMap((of) => {
    const known = record.tarballs[of.manifest.name];
    const tarball = join(directory, known?.file ?? '');
    return known !== undefined && integrityIfThere(tarball) === known.integrity
      ? [{ of, tarball, integrity: known.integrity }]
      : [];
  });
  return packed.length === packages.length ? packed : undefined;
}

function pack(root: string, directory: string, of: Package): Packed {
  const before = readdirSync(directory);
  const words = ['--dir', join(root, of.directory), 'pack', '--pack-destination', directory];
  const isPacked = pnpm(root, words, ['ignore', 'ignore', 2]);
  const made = readdirSync(directory).filter((name) => !before.includes(name));
  const [file] = made;
  if (isPacked && file !== undefined && made.length === 1) {
    const tarball = join(directory, file);
    return { of, tarball, integrity: integrityOfFile(tarball) };
  }
  throw new Refusal(EXIT.checks, {
    expected: `pnpm pack makes one tarball of ${of.manifest.name}`,
    found: isPacked ? `${made.length} new files: ${made.join(', ')}` : 'it failed, see above',
    action: `cd ${of.directory} && pnpm pack --dry-run`,
  });
}

function readRecord(path: string): Record | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // It is packed again then.
    return undefined;
  }
}

function integrityIfThere(path: string): string | undefined {
  try {
    return integrityOfFile(path);
  } catch {
    return undefined;
  }
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
