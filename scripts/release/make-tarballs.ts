import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkTarball } from './check-tarball.ts';
import { type Context, runPnpm } from './context.ts';
import { type Packed, packAll, packedBefore } from './pack.ts';
import { EXIT, Refusal } from './refusal.ts';
import { checkUnchanged } from './repository.ts';

/**
 * Builds and packs the packages into `directory`, or takes what a release of this commit has packed there.
 * @throws {Refusal} they cannot be built, the build changes files of the commit, or a tarball is not fit
 */
export async function makeTarballs(context: Context, directory: string): Promise<Packed[]> {
  const { root, progress, packages, commit } = context;
  progress.step('Build');
  const before = packedBefore(directory, packages, commit);
  if (before === undefined) build(context);
  else progress.detail(`not again: ${directory} has the tarballs of this commit`);
  progress.check(() => checkUnchanged(root, context));
  progress.step(`Pack into ${directory}`);
  const packed = before ?? (await packAll(root, directory, packages, commit));
  for (const { of, integrity } of packed) progress.detail(`${of.manifest.name} ${integrity}`);
  progress.step('Look into the tarballs');
  lookInto(context, packed);
  return packed;
}

function build(context: Context): void {
  for (const { directory } of context.packages) {
    // A file that an earlier build left would be packed.
    rmSync(join(context.root, directory, 'dist'), { recursive: true, force: true });
  }
  runPnpm(
    context,
    ['run', 'build', '--force', '--output-logs=errors-only'],
    'the build succeeds',
    'pnpm build, and fix what fails',
  );
}

function lookInto({ root, progress }: Context, packed: readonly Packed[]): void {
  const problems = packed.flatMap(({ of: { directory, manifest }, tarball }) => {
    const checked = checkTarball(tarball, { root, directory, isRelease: true });
    const { packedBytes, unpackedBytes, files } = checked;
    progress.detail(`${manifest.name}: ${files} files, ${packedBytes} bytes, unpacked ${unpackedBytes}`);
    return checked.problems.map((problem) => `${manifest.name}: ${problem}`);
  });
  if (problems.length === 0) return;
  throw new Refusal(EXIT.checks, {
    expected: 'tarballs that can be installed and used',
    found: problems.join('\n'),
    action: 'correct the packages, commit, and start again; pnpm turbo run check:package looks for the same',
  });
}
