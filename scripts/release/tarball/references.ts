import { posix } from 'node:path';

/** A file of a package that names others. */
export interface Text {
  readonly path: string;
  readonly text: string;
}

/** `[text](target)`, `![text](target "title")`, `[label]: target`, `<a href="target">`, `<img src="target">`. */
const LINKS = [/\]\(\s*<?([^)\s>]+)/g, /^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm, /<[^>]+\s(?:href|src)=["']([^"']+)/g];
/** The text of such a link may be the path of a page. */
const ABSOLUTE_LINKS = /\[[^\]]*\]\(<?[a-z][a-z\d+.-]*:[^)]*\)/gi;
const PAGES = /(?<![\w./:@%-])(?:\.{1,2}\/)*docs\/[\w./-]+?\.md\b/g;

/**
 * References of a package to files that are not in it: they lead nowhere once it is installed.
 * @param texts its Markdown, of which links and pages count, and its code, of which only pages of ours do
 * @param isInPackage whether a path, from the root of the package, is in it
 * @param isOurPage whether a path, from the root of the checkout, is a page of our documentation
 */
export function problemsOfReferences(
  texts: readonly Text[],
  isInPackage: (path: string) => boolean,
  isOurPage: (path: string) => boolean,
): string[] {
  return texts.flatMap(({ path, text }) => {
    const isMarkdown = path.endsWith('.md');
    const links = isMarkdown ? linksIn(withoutCode(text)).filter((link) => !isAbsolute(link)) : [];
    const pages = [...text.replace(ABSOLUTE_LINKS, '').matchAll(PAGES)].map(([page]) => page);
    const named = isMarkdown ? pages : pages.filter((page) => isOurPage(page.replace(/^(\.{1,2}\/)+/, '')));
    const missing = [...new Set([...links, ...named])].filter((target) => !isThere(target, path, isInPackage));
    return missing.map((target) => `${path} refers to ${target}, which is not in the package: name its URL`);
  });
}

function linksIn(text: string): string[] {
  return LINKS.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, target]) => target ?? []));
}

/** Brackets in code are no links. */
function withoutCode(text: string): string {
  return text.replace(/^ *(```+|~~~+)[\s\S]*?^ *\1/gm, '').replace(/`[^`\n]*`/g, '');
}

function isAbsolute(target: string): boolean {
  return /^[a-z][a-z\d+.-]*:|^\/\/|^#/i.test(target);
}

function isThere(target: string, from: string, isInPackage: (path: string) => boolean): boolean {
  const [path = ''] = target.split(/[#?]/);
  return isInPackage(posix.join(posix.dirname(from), path)) || isInPackage(posix.normalize(path));
}
