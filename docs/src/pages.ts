import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What `src/generate` writes, from the root of the checkout. */
export const GENERATED = [
  'docs/platforms.md',
  'docs/reference/configuration.md',
  'docs/reference/dashboard-http.md',
  'docs/reference/drainctl.md',
  'docs/reference/hermes-dashboard.md',
  'docs/reference/hermes-gateway.md',
  'docs/reference/hermes-s6.md',
  'docs/reference/metrics.md',
  'docs/reference/problem-codes.md',
] as const;
export type GeneratedPage = (typeof GENERATED)[number];

const MODULES = ['**/node_modules', '**/dist', '**/test-results'];

/** The pages of the site, without those of `docs/api`. */
export function sitePages(): string[] {
  return find('docs/**/*.md', ['docs/api', ...MODULES]);
}

/** Everything that a person reads in the checkout and that is written in Markdown, changesets apart. */
export function allPages(): string[] {
  const others = ['*.md', 'deploy/*/README.md', '{apps,packages}/*/README.md', 'packages/*/corpus/README.md'];
  return [...sitePages(), ...others.flatMap((pattern) => find(pattern, MODULES))];
}

/** The changes of the next release. */
export function changesets(): string[] {
  return find('.changeset/*.md', ['.changeset/README.md']);
}

/** The text of a page. @param page from the root of the checkout */
export function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

function find(pattern: string, exclude: string[]): string[] {
  return globSync(pattern, { cwd: ROOT, exclude }).sort();
}
