import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { pnpm } from '../pnpm.mjs';
import { checkTarball } from './check-tarball.ts';
import { chooseRegistry } from './choose-registry.ts';
import { addAnnotatedTag, changedFiles, checkTagger, commitsOfTags, headCommit } from './git.ts';
import { releaseNotes } from './notes.ts';
import { Npm } from './npm.ts';
import { type Packed, packAll, packedBefore } from './pack.ts';
import { commonVersion, type Package, publishedPackages } from './packages.ts';
import type { Progress } from './progress.ts';
import { type Published, publish, unpublished } from './publish.ts';
import { EXIT, Refusal } from './refusal.ts';
import { registrySettings } from './registry-settings.ts';
import {
  checkChangelogs,
  checkCleanTree,
  checkNoPendingChangesets,
  checkTags,
  checkUnchanged,
  sectionOf,
  tagsOf,
} from './repository.ts';

export interface ReleaseOptions {
  readonly isDryRun: boolean;
  readonly skipsChecks: boolean;
  readonly allowPublicRegistry: boolean;
}

/** The workspace whose script records what the released programs write. */
const RECORDER = '@hermes/system-tests';

/** Releases what is checked out in `root`: first everything that may be refused, then what cannot be undone. */
export class Release {
  readonly #root: string;
  readonly #options: ReleaseOptions;
  readonly #progress: Progress;
  readonly #packages: readonly Package[];
  readonly #version: string;
  readonly #commit: string;
  /** None, except in a dry run. */
  readonly #changed: readonly string[];
  /** Whether anything may have been published. */
  hasBegun = false;

  constructor(root: string, options: ReleaseOptions, progress: Progress) {
    this.#root = resolve(root);
    this.#options = options;
    this.#progress = progress;
    this.#packages = publishedPackages(this.#root);
    this.#version = commonVersion(this.#packages);
    this.#commit = headCommit(this.#root);
    this.#changed = changedFiles(this.#root);
  }

  async run(): Promise<void> {
    this.#checkRepository();
    const npm = this.#chooseRegistry();
    const published = npm && this.#progress.check(() => this.#askFor(npm));
    this.#runChecks();
    const temporary = this.#options.isDryRun ? mkdtempSync(join(tmpdir(), 'hermes-release-')) : undefined;
    try {
      const directory = temporary ?? join(this.#root, 'release', this.#version);
      const packed = await this.#buildAndPack(directory);
      this.#lookInto(packed);
      const missing = this.#compare(packed, npm, published);
      if (this.#options.isDryRun || npm === undefined) return;
      this.hasBegun = true;
      await this.#publish(npm, missing);
      this.#tag();
      await this.#writeNotes(directory, npm.registry);
      this.#record(directory);
    } finally {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    }
  }

  #checkRepository(): void {
    const progress = this.#progress;
    progress.step(`Repository: version ${this.#version} of ${this.#packages.length} packages, commit ${this.#commit}`);
    progress.check(() => checkCleanTree(this.#root));
    progress.check(() => checkNoPendingChangesets(this.#root));
    progress.check(() => checkTags(this.#root, this.#packages, this.#version, this.#commit));
    progress.check(() => checkTagger(this.#root));
    progress.check(() => checkChangelogs(this.#root, this.#packages, this.#version));
    progress.detail(this.#packages.map(({ manifest }) => manifest.name).join(', '));
  }

  #chooseRegistry(): Npm | undefined {
    this.#progress.step('Registry');
    return this.#progress.check(() => {
      const scope = commonScope(this.#packages);
      const settings = registrySettings(this.#root, scope, this.#packages);
      const registry = chooseRegistry(scope, settings, this.#options);
      this.#progress.detail(`${registry} (${settings.map(({ source }) => source).join('; ')})`);
      return new Npm(this.#root, scope, registry);
    });
  }

  #askFor(npm: Npm): Published {
    const names = this.#packages.map(({ manifest }) => manifest.name);
    const published = new Map(names.map((name) => [name, npm.integrityOf(name, this.#version)]));
    const there = names.filter((name) => published.get(name) !== undefined);
    this.#progress.detail(
      there.length === 0 ? `answers; ${this.#version} is free` : `already there: ${there.join(', ')}`,
    );
    return published;
  }

  #runChecks(): void {
    this.#progress.step('Checks: npm test');
    if (this.#options.skipsChecks) {
      this.#progress.detail('NOT RUN, because of --skip-checks: they must have passed for this very commit.');
      return;
    }
    this.#pnpm(['run', 'test'], 'all checks pass', 'npm test, and fix what fails');
  }

  async #buildAndPack(directory: string): Promise<Packed[]> {
    this.#progress.step('Build');
    const before = packedBefore(directory, this.#packages, this.#commit);
    if (before !== undefined) this.#progress.detail(`not again: ${directory} has the tarballs of this commit`);
    else this.#build();
    this.#progress.check(() => checkUnchanged(this.#root, { commit: this.#commit, changed: this.#changed }));
    this.#progress.step(`Pack into ${directory}`);
    const packed = before ?? (await packAll(this.#root, directory, this.#packages, this.#commit));
    for (const { of, integrity } of packed) this.#progress.detail(`${of.manifest.name} ${integrity}`);
    return packed;
  }

  #build(): void {
    for (const { directory } of this.#packages) {
      // A file that an earlier build left would be packed.
      rmSync(join(this.#root, directory, 'dist'), { recursive: true, force: true });
    }
    this.#pnpm(['run', 'build', '--force'], 'the build succeeds', 'pnpm build, and fix what fails');
  }

  #lookInto(packed: readonly Packed[]): void {
    this.#progress.step('Look into the tarballs');
    const problems = packed.flatMap(({ of: { directory, manifest }, tarball }) => {
      const checked = checkTarball(tarball, { root: this.#root, directory, isRelease: true });
      const { packedBytes, unpackedBytes, files } = checked;
      this.#progress.detail(`${manifest.name}: ${files} files, ${packedBytes} bytes, unpacked ${unpackedBytes}`);
      return checked.problems.map((problem) => `${manifest.name}: ${problem}`);
    });
    if (problems.length === 0) return;
    throw new Refusal(EXIT.checks, {
      expected: 'tarballs that can be installed and used',
      found: problems.join('\n'),
      action: 'correct the packages, commit, and start again; pnpm turbo run check:package looks for the same',
    });
  }

  #compare(packed: readonly Packed[], npm: Npm | undefined, published: Published | undefined): readonly Packed[] {
    this.#progress.step('Compare with the registry');
    if (npm === undefined || published === undefined) {
      this.#progress.detail('not compared: there is no registry to compare with');
      return packed;
    }
    const missing = this.#progress.check(() => unpublished(packed, published, npm.registry)) ?? [];
    for (const one of packed) {
      const { name, version } = one.of.manifest;
      if (published.get(name) === one.integrity) this.#progress.detail(`${name}@${version} is already there, skipped`);
    }
    this.#progress.detail(missing.length === 0 ? 'nothing to publish' : `${missing.length} to publish`);
    return missing;
  }

  async #publish(npm: Npm, missing: readonly Packed[]): Promise<void> {
    this.#progress.step(`Publish to ${npm.registry}`);
    for (const one of missing) {
      await publish(npm, one);
      this.#progress.detail(`${one.of.manifest.name}@${this.#version} published, and there with ${one.integrity}`);
    }
    if (missing.length === 0) this.#progress.detail('everything is already there');
  }

  #tag(): void {
    this.#progress.step('Tags');
    const tags = tagsOf(this.#packages, this.#version);
    const there = commitsOfTags(this.#root, tags);
    for (const tag of tags.filter((name) => !there.has(name))) {
      addAnnotatedTag(this.#root, tag, this.#commit, tag);
      this.#progress.detail(`${tag} on ${this.#commit}`);
    }
    this.#progress.detail(
      `not pushed. To push them: git push origin ${tags.map((tag) => `refs/tags/${tag}`).join(' ')}`,
    );
  }

  async #writeNotes(directory: string, registry: string): Promise<void> {
    this.#progress.step('Release notes');
    const sections = this.#packages.map((of) => ({ of, text: sectionOf(this.#root, of, this.#version) ?? '' }));
    const path = join(directory, 'notes.md');
    await writeFileAtomic(path, releaseNotes(this.#version, registry, sections));
    this.#progress.detail(path);
  }

  #record(directory: string): void {
    this.#progress.step('Recordings for later versions');
    const words = ['--filter', RECORDER, 'golden:record', '--tarballs', directory];
    this.#pnpm(words, 'what the released programs write is recorded', `pnpm ${words.join(' ')}`);
    this.#progress.detail('commit what it has written: git add packages/system-tests/golden');
  }

  #pnpm(words: readonly string[], expected: string, action: string): void {
    if (pnpm(this.#root, words)) return;
    throw new Refusal(EXIT.checks, { expected, found: `pnpm ${words.join(' ')} failed, see above`, action });
  }
}

function commonScope(packages: readonly Package[]): string {
  const [scope, ...others] = new Set(packages.map(({ manifest }) => manifest.name.split('/')[0] ?? ''));
  if (scope?.startsWith('@') && others.length === 0) return scope;
  throw new Refusal(EXIT.configuration, {
    expected: 'published packages of one scope, like @hermes: its registry is the one that they go to',
    found: [scope, ...others].join(', '),
    action: 'rename the packages',
  });
}
