import { setTimeout as delay } from 'node:timers/promises';
import type { Npm } from './npm.ts';
import type { Packed } from './pack.ts';
import { EXIT, Refusal } from './refusal.ts';

/** A registry may take a while to show what it has taken. */
const SHOWN_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 2_000;

/** What a registry has of the packages: the integrity of this version, by name; undefined where it is not there. */
export type Published = ReadonlyMap<string, string | undefined>;

/**
 * Those tarballs that the registry does not have yet.
 * @throws {Refusal} it has the version of one, with another content
 */
export function unpublished(packed: readonly Packed[], published: Published, registry: string): Packed[] {
  const others = packed.filter(({ of, integrity }) => {
    const its = published.get(of.manifest.name);
    return its !== undefined && its !== integrity;
  });
  if (others.length === 0) return packed.filter(({ of }) => published.get(of.manifest.name) === undefined);
  throw new Refusal(EXIT.repository, {
    expected: `${registry} does not have these versions, or has these tarballs`,
    found: others
      .map(({ of: { manifest }, integrity }) => {
        const its = published.get(manifest.name);
        return `${manifest.name}@${manifest.version} is there with ${its}, packed was ${integrity}`;
      })
      .join('\n'),
    action:
      'what is published cannot be changed. For a new version: pnpm changeset && pnpm changeset version, and commit.\n' +
      'To resume a release, check out its commit on the machine that began it: its tarballs are in release/ there',
  });
}

/**
 * Publishes one tarball, and compares what the registry has then.
 * @throws {Refusal} the registry does not have that very tarball afterwards: with EXIT.registry when nothing of it is there
 */
export async function publish(npm: Npm, { of: { manifest }, tarball, integrity }: Packed): Promise<void> {
  const { name, version } = manifest;
  const { isDone, said } = npm.publish(tarball, version);
  const its = await integrityAfter(npm, name, version, isDone);
  if (its === integrity) return;
  const found = its === undefined ? 'it is not there' : `the registry has ${its}`;
  // What npm did not send, and the registry does not have, has not been published.
  throw new Refusal(isDone || its !== undefined ? EXIT.incomplete : EXIT.registry, {
    expected: `${name}@${version} in ${npm.registry} with ${integrity}`,
    found: isDone ? found : `npm publish failed, and ${found}:\n${said}`,
    action: `npm whoami --registry ${npm.registry}; without a user: npm login --registry ${npm.registry}. Then run the same command again`,
  });
}

/** @throws {Refusal} it cannot be known whether it is there */
async function integrityAfter(npm: Npm, name: string, version: string, isDone: boolean): Promise<string | undefined> {
  try {
    // When the answer was lost, it may be there all the same.
    return isDone ? await integrityWhenShown(npm, name, version) : npm.integrityOf(name, version);
  } catch (error) {
    throw error instanceof Refusal ? error.as(EXIT.incomplete) : error;
  }
}

async function integrityWhenShown(npm: Npm, name: string, version: string): Promise<string | undefined> {
  const end = performance.now() + SHOWN_WITHIN_MS;
  for (;;) {
    const integrity = npm.integrityOf(name, version);
    if (integrity !== undefined || performance.now() > end) return integrity;
    await delay(LOOK_EVERY_MS);
  }
}
