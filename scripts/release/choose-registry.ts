import { EXIT, Refusal } from './refusal.ts';

/** Where a setting of the registry was found, and what it says. */
export interface RegistrySetting {
  /** For a person, like `packages/drainctl/package.json (publishConfig)`. */
  readonly source: string;
  readonly url: string;
}

/** npmjs and its mirrors: a package that is published there is public at once, and cannot be taken back. */
const PUBLIC_HOSTS = ['npmjs.org', 'npmjs.com', 'yarnpkg.com', 'npmmirror.com', 'cnpmjs.org', 'npm.taobao.org'];

/**
 * The one registry that the packages are published to.
 * @param scope of the packages, like `@hermes`
 * @returns its URL, with a slash at the end
 * @throws {Refusal} none, several, not the URL of a registry, or the public one
 */
export function chooseRegistry(
  scope: string,
  settings: readonly RegistrySetting[],
  { allowPublicRegistry }: { readonly allowPublicRegistry: boolean },
): string {
  const found = settings.map(({ source, url }) => `${source}: ${url}`).join('\n');
  const configure = `npm config set --location=project ${scope}:registry https://registry.example/`;
  const [url, ...others] = new Set(settings.map((setting) => normalized(setting)));
  if (url === undefined) {
    throw new Refusal(EXIT.configuration, {
      expected: `the registry of ${scope}, in .npmrc of the project or the user, or as publishConfig.registry of a package`,
      found: `no ${scope}:registry and no publishConfig.registry; the default of npm, which is public, is never used`,
      action: `${configure} (your registry), and commit .npmrc`,
    });
  }
  if (others.length > 0) {
    throw new Refusal(EXIT.configuration, {
      expected: `one registry of ${scope}`,
      found,
      action: 'remove all but one of these settings, or make them equal',
    });
  }
  if (isPublic(url) && !allowPublicRegistry) {
    throw new Refusal(EXIT.configuration, {
      expected: 'a registry of your own: what is on the public one can be read by all, and not be taken back',
      found,
      action: `${configure} (your registry). To publish there on purpose: npm run release -- --allow-public-registry`,
    });
  }
  return url;
}

/** Equal settings may differ in the slash at the end, and in the case of the host. */
function normalized({ source, url: text }: RegistrySetting): string {
  const url = URL.parse(text);
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && !hasMore(url)) {
    return url.href.endsWith('/') ? url.href : `${url.href}/`;
  }
  throw new Refusal(EXIT.configuration, {
    expected: `the URL of a registry in ${source}: http(s), without user, password, query and fragment`,
    // It may hold a password.
    found: url === null ? JSON.stringify(text) : `${url.protocol}//${url.host}${url.pathname} with more than that`,
    action: 'correct it there; credentials belong in the .npmrc of the user: npm login --registry URL',
  });
}

function hasMore({ username, password, search, hash }: URL): boolean {
  return [username, password, search, hash].some((part) => part !== '');
}

function isPublic(url: string): boolean {
  // With a dot at its end, a name is the same host.
  const host = new URL(url).hostname.replace(/\.$/, '');
  return PUBLIC_HOSTS.some((known) => host === known || host.endsWith(`.${known}`));
}
