import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, runPnpm } from './context.ts';
import { type Destination, findRegistry } from './find-registry.ts';
import { recordForLater, tagCommit, writeNotes } from './finish.ts';
import { checkTagger } from './git.ts';
import { makeTarballs } from './make-tarballs.ts';
import type { Npm } from './npm.ts';
import type { Packed } from './pack.ts';
import { publish, unpublished } from './publish.ts';
import { checkChangelogs, checkCleanTree, checkNoPendingChangesets, checkTags } from './repository.ts';
import { checkSourceUrls } from './source-url.ts';

/** A release: first everything that may be refused, then what cannot be undone. */
export class Release {
  readonly #context: Context;
  /** Whether a package is in the registry, so that the rest has to follow. */
  hasBegun = false;

  constructor(context: Context) {
    this.#context = context;
  }

  async run(): Promise<void> {
    const { root, options, progress, version } = this.#context;
    this.#checkRepository();
    progress.step('Registry');
    const destination = progress.check(() => findRegistry(this.#context));
    this.#runChecks();
    const temporary = options.isDryRun ? mkdtempSync(join(tmpdir(), 'hermes-release-')) : undefined;
    try {
      const directory = temporary ?? join(root, 'release', version);
      const packed = await makeTarballs(this.#context, directory);
      const missing = this.#compare(packed, destination);
      if (options.isDryRun || destination === undefined) return;
      await this.#publish(destination.npm, missing);
      tagCommit(this.#context);
      await writeNotes(this.#context, directory, destination.npm.registry);
      recordForLater(this.#context, directory);
    } finally {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    }
  }

  #checkRepository(): void {
    const { root, progress, packages, version, commit } = this.#context;
    progress.step(`Repository: version ${version} of ${packages.length} packages, commit ${commit}`);
    progress.check(() => checkCleanTree(root));
    progress.check(() => checkNoPendingChangesets(root));
    progress.check(() => checkTags(root, packages, version, commit));
    progress.check(() => checkTagger(root));
    progress.check(() => checkChangelogs(root, packages, version));
    progress.check(() => checkSourceUrls(packages));
    progress.detail(packages.map(({ manifest }) => manifest.name).join(', '));
  }

  #runChecks(): void {
    const { options, progress } = this.#context;
    progress.step('Checks: npm run nightly');
    if (options.skipsChecks) {
      progress.detail('NOT RUN, because of --skip-checks: they must have passed for this very commit.');
      return;
    }
    runPnpm(this.#context, ['run', 'nightly'], 'all checks pass', 'npm run nightly, and fix what fails');
  }

  #compare(packed: readonly Packed[], destination: Destination | undefined): readonly Packed[] {
    const { progress } = this.#context;
    progress.step('Compare with the registry');
    if (destination === undefined) {
      progress.detail('not compared: there is no registry to compare with');
      return packed;
    }
    const { npm, published } = destination;
    const missing = progress.check(() => unpublished(packed, published, npm.registry)) ?? [];
    for (const { of, integrity } of packed) {
      const { name, version } = of.manifest;
      if (published.get(name) === integrity) progress.detail(`${name}@${version} is already there, skipped`);
    }
    progress.detail(missing.length === 0 ? 'nothing to publish' : `${missing.length} to publish`);
    return missing;
  }

  async #publish(npm: Npm, missing: readonly Packed[]): Promise<void> {
    const { progress, packages } = this.#context;
    progress.step(`Publish to ${npm.registry}`);
    this.hasBegun = missing.length < packages.length;
    for (const one of missing) {
      await publish(npm, one);
      this.hasBegun = true;
      const { name, version } = one.of.manifest;
      progress.detail(`${name}@${version} published, and there with ${one.integrity}`);
    }
    if (missing.length === 0) progress.detail('everything is already there');
  }
}
