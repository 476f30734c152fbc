import type { Package } from './packages.ts';
import { EXIT, Refusal } from './refusal.ts';

/** Names that RFC 2606 and RFC 6761 reserve: no repository is there. */
const RESERVED = /(^|\.)(example|invalid|localhost|test|example\.(com|net|org))$/i;
/** Of a URL, with or without a user, and of the form that ssh takes: `git@host:path`. */
const HOST = /^(?:[a-z][a-z\d+.-]*:\/\/)?(?:[^@/]*@)?([^:/]+)/i;

/** @throws {Refusal} the `repository` of a package is still the placeholder of this checkout. A missing one is found later. */
export function checkSourceUrls(packages: readonly Package[]): void {
  const placeholders = packages.flatMap(({ directory, manifest: { repository } }) => {
    const url = urlOf(repository);
    return isPlaceholder(url) ? [`${directory}/package.json: ${url}`] : [];
  });
  if (placeholders.length === 0) return;
  throw new Refusal(EXIT.repository, {
    expected:
      'the URL of your repository as repository.url of each package: the registry shows it, and it cannot be changed later',
    found: placeholders.join('\n'),
    action: 'write your URL into these files in place of the placeholder, and commit',
  });
}

function urlOf(repository: unknown): string {
  if (typeof repository === 'string') return repository;
  const { url } = (repository ?? {}) as { readonly url?: unknown };
  return typeof url === 'string' ? url : '';
}

/** Whether a URL names a host that cannot exist. */
export function isPlaceholder(url: string): boolean {
  return RESERVED.test(HOST.exec(url)?.[1] ?? '');
}
