import type { Manifest } from '../packages.ts';
import type { PackedFile } from './unpacked.ts';

/** What a package is checked against, beside its own content. */
export interface Expectations {
  /** Whether something of others is bundled into it, so that their licenses have to be in it. */
  readonly isBundle: boolean;
  /** A release has a changelog; a package that is only checked may have no version yet. */
  readonly isRelease: boolean;
}

/** Files that are of use to us only, or should not leave the machine. */
const UNEXPECTED: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\.(test|spec|property)\.[^/]+$|(^|\/)(__tests__|test-results|coverage)\//, 'a test'],
  [/(^|\/)(testing|fixtures|golden)\//, 'part of the tests'],
  [/\.map$/, 'a source map'],
  [/\.tsbuildinfo$/, 'a state of the compiler'],
  [/(^|\/)(\.env|\.npmrc|\.netrc|\.git|\.DS_Store)([./]|$)/, 'of this machine'],
  [/\.(pem|key|p12|pfx)$/, 'a key'],
  [/\.(tgz|tar|tar\.gz|log)$/, 'a leftover'],
  [/(^|\/)node_modules\//, 'a package of others; they belong in dependencies, or in a bundle with notices'],
  [/(^|\/)(src|third-party)\//, 'not part of what is published'],
  [/(?<!\.d)\.[cm]?tsx?$/, 'source'],
];

/** What is missing in a package, or should not be in it; each as a sentence for a person. */
export function problemsOfContents(
  files: readonly PackedFile[],
  manifest: Manifest,
  { isBundle, isRelease }: Expectations,
): string[] {
  const wanted = [
    'README.md',
    'LICENSE',
    ...(isRelease ? ['CHANGELOG.md'] : []),
    ...(isBundle ? ['THIRD-PARTY-NOTICES.md'] : []),
  ];
  const missing = wanted.filter((name) => !files.some(({ path, bytes }) => path === name && bytes > 0));
  return [
    ...missing.map((name) => `${name} is missing or empty`),
    ...unexpectedFiles(files),
    ...missingFields(manifest).map((field) => `package.json has no ${field}`),
    ...unresolvedDependencies(manifest),
  ];
}

/** One sentence a kind: a build may leave hundreds of the same. */
function unexpectedFiles(files: readonly PackedFile[]): string[] {
  const kindOf = ({ path }: PackedFile) => UNEXPECTED.find(([pattern]) => pattern.test(path))?.[1];
  return [...Map.groupBy(files, kindOf)].flatMap(([what, [first, ...others]]) => {
    if (what === undefined) return [];
    const more = others.length > 0 ? `, and so are ${others.length} more` : '';
    return [`${first?.path} is ${what}${more}: leave it out by "files" of package.json`];
  });
}

function missingFields({ repository, license, engines }: Manifest): string[] {
  const fields = { repository, license, 'engines.node': engines?.['node'] };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [name] : []));
}

/** Only pnpm, in a workspace, knows what these mean. */
function unresolvedDependencies(manifest: Manifest): string[] {
  const kinds = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'] as const;
  return kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, range]) => /^(workspace|catalog|link|file):/.test(range))
      .map(
        ([name, range]) =>
          `package.json has ${kind}.${name} = "${range}", which cannot be installed outside of this workspace`,
      ),
  );
}
