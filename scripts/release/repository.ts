import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { changelogSection } from './changelog.ts';
import { changedFiles, commitsOfTags, headCommit } from './git.ts';
import type { Package } from './packages.ts';
import { EXIT, Refusal } from './refusal.ts';

/** Tags of a release: one a package, named as changesets does, and one for all of them. */
export function tagsOf(packages: readonly Package[], version: string): string[] {
  return [...packages.map(({ manifest }) => `${manifest.name}@${version}`), `v${version}`];
}

/** @throws {Refusal} a file differs from the commit: what is built would not be what is tagged. */
export function checkCleanTree(root: string): void {
  const changed = changedFiles(root);
  if (changed.length === 0) return;
  throw new Refusal(EXIT.repository, {
    expected: 'no file that differs from the commit',
    found: list(changed),
    action: 'git status; then commit, stash or remove these',
  });
}

/** @throws {Refusal} since `before`, checks or the build have changed what is tagged, or another commit was checked out. */
export function checkUnchanged(
  root: string,
  before: { readonly commit: string; readonly changed: readonly string[] },
): void {
  const commit = headCommit(root);
  const changed = changedFiles(root).filter((file) => !before.changed.includes(file));
  if (commit === before.commit && changed.length === 0) return;
  throw new Refusal(EXIT.repository, {
    expected: `${before.commit} is still checked out, with the same files`,
    found: list([commit, ...changed]),
    action:
      'git status; restore these files, leave the checkout alone while it is released, and run the same command again',
  });
}

/** @throws {Refusal} a changeset waits: its change is in the code, and no changelog names it. */
export function checkNoPendingChangesets(root: string): void {
  const pending = globSync('.changeset/*.md', { cwd: root }).filter((file) => basename(file) !== 'README.md');
  if (pending.length === 0) return;
  throw new Refusal(EXIT.repository, {
    expected: 'no pending changesets',
    found: list(pending.sort()),
    action: 'pnpm changeset version && git add --all && git commit -m "chore(release): version packages"',
  });
}

/** @throws {Refusal} the version is tagged on another commit. A tag on this one is left by a release that broke off. */
export function checkTags(root: string, packages: readonly Package[], version: string, commit: string): void {
  const elsewhere = [...commitsOfTags(root, tagsOf(packages, version))].filter(([, its]) => its !== commit);
  if (elsewhere.length === 0) return;
  throw new Refusal(EXIT.repository, {
    expected: `no tag of ${version}, or one on ${commit}`,
    found: elsewhere.map(([tag, its]) => `${tag} on ${its}`).join('\n'),
    action: `${version} has been released from that commit. For the next version: pnpm changeset && pnpm changeset version.\nTo resume its release: git checkout ${elsewhere[0]?.[1]}`,
  });
}

/** @throws {Refusal} a package has no changelog of the version. */
export function checkChangelogs(root: string, packages: readonly Package[], version: string): void {
  const without = packages.filter((one) => sectionOf(root, one, version) === undefined);
  if (without.length === 0) return;
  throw new Refusal(EXIT.repository, {
    expected: `a section "## ${version}" in the CHANGELOG.md of each package`,
    found: `none in ${without.map(({ directory }) => `${directory}/CHANGELOG.md`).join(', ')}`,
    action: 'pnpm changeset, if there is none for this version; then pnpm changeset version, and commit',
  });
}

/** What the changelog of a package says of the version. */
export function sectionOf(root: string, { directory }: Package, version: string): string | undefined {
  try {
    return changelogSection(readFileSync(join(root, directory, 'CHANGELOG.md'), 'utf8'), version);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The first of many, and how many more. */
function list(lines: readonly string[], most = 10): string {
  const more = lines.length > most ? [`and ${lines.length - most} more`] : [];
  return [...lines.slice(0, most), ...more].join('\n');
}
