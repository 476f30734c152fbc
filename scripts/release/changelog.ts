/**
 * What a changelog says of a version.
 * @returns the Markdown below the version's heading, without it; undefined when there is no such heading or nothing below it
 */
export function changelogSection(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.split('\n', 1)[0]?.trim() === version);
  return section?.slice(section.indexOf('\n')).trim() || undefined;
}
