import type { ThirdParty } from './package.ts';

/** @returns each once, sorted, so that the same build writes the same file. */
export function uniqueAndSorted(packages: readonly ThirdParty[]): ThirdParty[] {
  const byId = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  return [...byId.keys()].sort().flatMap((id) => byId.get(id) ?? []);
}

/**
 * The text of a THIRD-PARTY-NOTICES.md.
 * @param what the thing that contains the packages, as a sentence begins with it
 */
export function renderNotices(what: string, packages: readonly ThirdParty[]): string {
  const sections = uniqueAndSorted(packages).map(section);
  return [`# Third-party notices\n\n${what} contains the packages below. Made at build.\n`, ...sections].join('\n');
}

function section({ name, version, license, texts, author }: ThirdParty): string {
  const none = `The package ships no license text${author === '' ? '' : `; author: ${author}`}.\n`;
  const body = texts.length === 0 ? none : texts.map(fenced).join('\n');
  return `## ${name} ${version} (${license})\n\n${body}`;
}

/** Word by word, whatever Markdown the text holds. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}\n`;
}
