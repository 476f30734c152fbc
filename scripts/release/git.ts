import { EXIT, Refusal } from './refusal.ts';
import { run, tail } from './run.ts';

/** The commit that is checked out. */
export function headCommit(root: string): string {
  return git(root, ['rev-parse', 'HEAD']).trim();
}

/** Files that differ from the commit, untracked ones included, as `git status --short` lists them. */
export function changedFiles(root: string): string[] {
  return git(root, ['status', '--porcelain', '--untracked-files=all']).split('\n').filter(Boolean);
}

/** Each of these tags that there is, with the commit that it names. */
export function commitsOfTags(root: string, tags: readonly string[]): Map<string, string> {
  const format = '%(refname:strip=2) %(objectname) %(*objectname)';
  const lines = git(root, ['for-each-ref', `--format=${format}`, 'refs/tags'])
    .split('\n')
    .filter(Boolean);
  const all = lines.map((line): [string, string] => {
    const [tag = '', object = '', peeled = ''] = line.split(' ');
    return [tag, peeled || object];
  });
  return new Map(all.filter(([tag]) => tags.includes(tag)));
}

export function addAnnotatedTag(root: string, tag: string, commit: string, message: string): void {
  git(root, ['tag', '--annotate', '--message', message, tag, commit]);
}

/** @throws {Refusal} git does not know whose tags it would make: user.name and user.email are not configured. */
export function checkTagger(root: string): void {
  git(root, ['var', 'GIT_COMMITTER_IDENT']);
}

/** @throws {Refusal} git does not do it. */
function git(root: string, words: readonly string[]): string {
  const ended = run('git', words, { cwd: root });
  if (ended.status === 0) return ended.stdout;
  throw new Refusal(EXIT.repository, {
    expected: `git ${words[0]} succeeds in ${root}`,
    found: tail(ended),
    action: 'release from a clone of the repository; what git says above names the rest',
  });
}
