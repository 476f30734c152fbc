import { chooseRegistry } from './choose-registry.ts';
import type { Context } from './context.ts';
import { Npm } from './npm.ts';
import type { Package } from './packages.ts';
import type { Published } from './publish.ts';
import { EXIT, Refusal } from './refusal.ts';
import { registrySettings } from './registry-settings.ts';

/** The registry to publish to, and what it has of this version. */
export interface Destination {
  readonly npm: Npm;
  readonly published: Published;
}

/** @throws {Refusal} no single registry of ours is configured, or it does not answer. */
export function findRegistry({ root, options, progress, packages, version }: Context): Destination {
  const scope = commonScope(packages);
  const settings = registrySettings(root, scope, packages);
  const npm = new Npm(root, scope, chooseRegistry(scope, settings, options));
  progress.detail(`${npm.registry} (${settings.map(({ source }) => source).join('; ')})`);
  const names = packages.map(({ manifest }) => manifest.name);
  const published = new Map(names.map((name) => [name, npm.integrityOf(name, version)]));
  const there = names.filter((name) => published.get(name) !== undefined);
  progress.detail(there.length === 0 ? `answers; ${version} is free` : `already there: ${there.join(', ')}`);
  return { npm, published };
}

function commonScope(packages: readonly Package[]): string {
  const [scope, ...others] = new Set(packages.map(({ manifest }) => manifest.name.split('/')[0] ?? ''));
  if (scope?.startsWith('@') && others.length === 0) return scope;
  throw new Refusal(EXIT.configuration, {
    expected: 'published packages of one scope, like @hermes: its registry is the one that they go to',
    found: [scope, ...others].join(', '),
    action: 'rename the packages',
  });
}
