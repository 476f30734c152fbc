import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { EXIT, Refusal } from './refusal.ts';

/** The parts of a package.json that a release looks at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly repository?: unknown;
  readonly engines?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
}

type Dependencies = Readonly<Record<string, string>>;

/** A workspace that is published: one that its package.json does not call private. */
export interface Package {
  /** From the root, like `packages/drainctl`. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/** @returns the packages to publish, each behind those that it depends on. */
export function publishedPackages(root: string): Package[] {
  const { packages: patterns = [] } = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'));
  const files = globSync(
    patterns.map((pattern: string) => `${pattern}/package.json`),
    { cwd: root, exclude: ['**/node_modules/**'] },
  );
  const all = files.sort().map((file) => ({ directory: dirname(file), manifest: readManifest(join(root, file)) }));
  return inOrder(all.filter(({ manifest }) => manifest.private !== true));
}

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** @throws {Refusal} the packages have different versions, or there is none. */
export function commonVersion(packages: readonly Package[]): string {
  const versions = new Map(packages.map(({ manifest: { name, version } }) => [name, version]));
  const [version, ...others] = new Set(versions.values());
  if (version !== undefined && others.length === 0) return version;
  throw new Refusal(EXIT.repository, {
    expected: 'one version for all published packages (see "fixed" in .changeset/config.json)',
    found: [...versions].map(([name, its]) => `${name} ${its}`).join('\n') || 'no package that is not private',
    action: 'set them to one version, and commit',
  });
}

/** Sorted by name, but a dependency first. */
function inOrder(packages: readonly Package[]): Package[] {
  const ordered = new Set<Package>();
  const visit = (one: Package, above: readonly Package[]): void => {
    if (ordered.has(one) || above.includes(one)) return;
    const needed = packages.filter(({ manifest }) => dependenciesOf(one.manifest).includes(manifest.name));
    for (const dependency of needed) visit(dependency, [...above, one]);
    ordered.add(one);
  };
  for (const one of packages.toSorted((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1))) visit(one, []);
  return [...ordered];
}

/** What an installation of the package brings with it. */
export function dependenciesOf({ dependencies, peerDependencies, optionalDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}
