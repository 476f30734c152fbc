import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Context, runPnpm } from './context.ts';
import { addAnnotatedTag, commitsOfTags } from './git.ts';
import { releaseNotes } from './notes.ts';
import { sectionOf, tagsOf } from './repository.ts';

/** The workspace whose script records what the released programs write. */
const RECORDER = '@hermes/system-tests';

/** Tags the commit, with those tags that are not there yet. */
export function tagCommit({ root, progress, packages, version, commit }: Context): void {
  progress.step('Tags');
  const tags = tagsOf(packages, version);
  const there = commitsOfTags(root, tags);
  for (const tag of tags.filter((name) => !there.has(name))) {
    addAnnotatedTag(root, tag, commit, tag);
    progress.detail(`${tag} on ${commit}`);
  }
  progress.detail(`not pushed. To push them: git push origin ${tags.map((tag) => `refs/tags/${tag}`).join(' ')}`);
}

/** Writes `notes.md` beside the tarballs. */
export async function writeNotes(context: Context, directory: string, registry: string): Promise<void> {
  const { root, progress, packages, version } = context;
  progress.step('Release notes');
  const sections = packages.map((of) => ({ of, text: sectionOf(root, of, version) ?? '' }));
  const path = join(directory, 'notes.md');
  await writeFileAtomic(path, releaseNotes(version, registry, sections));
  progress.detail(path);
}

/** Has recorded what the released programs write, for the tests of later versions. */
export function recordForLater(context: Context, directory: string): void {
  context.progress.step('Recordings for later versions');
  const words = ['--filter', RECORDER, 'golden:record', '--tarballs', directory];
  runPnpm(context, words, 'what the released programs write is recorded', `pnpm ${words.join(' ')}`);
  context.progress.detail('commit what it has written: git add packages/system-tests/golden');
}
