import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOfCommands } from './tarball/commands.ts';
import { problemsOfContents } from './tarball/contents.ts';
import { problemsOfLinters } from './tarball/linters.ts';
import { problemsOfReferences, type Text } from './tarball/references.ts';
import { problemsOfSizes, readBudget } from './tarball/sizes.ts';
import { Unpacked } from './tarball/unpacked.ts';

/** What a tarball was packed from. */
export interface Origin {
  /** The checkout. */
  readonly root: string;
  /** The workspace, from there. */
  readonly directory: string;
  readonly isRelease: boolean;
}

/** A tarball that was looked into. */
export interface Checked {
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
  /** Each as a sentence for a person. None: it can be published. */
  readonly problems: readonly string[];
}

/** Looks into a tarball as its users will get it. */
export function checkTarball(tarball: string, { root, directory, isRelease }: Origin): Checked {
  using unpacked = new Unpacked(tarball);
  const { files, manifest, packedBytes, unpackedBytes } = unpacked;
  const workspace = join(root, directory);
  const isBundle = existsSync(join(workspace, 'dist', 'third-party'));
  const problems = [
    ...problemsOfContents(files, manifest, { isBundle, isRelease }),
    ...problemsOfSizes(manifest.name, { packedBytes, unpackedBytes }, readBudget(root, manifest.name)),
    ...problemsOfReferences(
      textsOf(unpacked),
      (path) => files.some((file) => file.path === path || file.path.startsWith(`${path.replace(/\/$/, '')}/`)),
      (path) => existsSync(join(root, path)),
    ),
    ...problemsOfCommands(unpacked, workspace),
    ...problemsOfLinters(unpacked),
  ];
  return { packedBytes, unpackedBytes, files: files.length, problems };
}

/** The notices are texts of others. */
function textsOf(unpacked: Unpacked): Text[] {
  const named = unpacked.files.filter(
    ({ path }) => /\.(md|[cm]?js|1)$/.test(path) && path !== 'THIRD-PARTY-NOTICES.md',
  );
  return named.map(({ path }) => ({ path, text: unpacked.read(path) }));
}
