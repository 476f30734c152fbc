import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { beforeAll, describe, expect, test } from 'vitest';
import { assembledImage } from '../live/container/image.ts';
import { CHECKOUT, packagesInComments, packagesInNotices, packagesInPage } from '../releases/tarball.ts';

interface Component {
  readonly purl: string;
  readonly version: string;
  readonly licenses?: readonly unknown[];
  readonly scope?: string;
  readonly externalReferences?: readonly { readonly type: string; readonly hashes?: readonly unknown[] }[];
}

interface Bom {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const OURS = /^pkg:npm\/%40hermes\//;
const purlOf = (id: string) => `pkg:npm/${id.replace(/^@/, '%40')}`;

describe('the image', () => {
  let tree: string;
  let sbom: string;
  let bom: Bom;
  beforeAll(async () => {
    tree = join(await assembledImage(), 'opt/hermes');
    sbom = readFileSync(join(tree, 'sbom.cdx.json'), 'utf8');
    bom = JSON.parse(sbom);
  }, 300_000);

  /** What is in the tree, by its own files: as packages, and in the comments of the bundles. */
  const contained = () => {
    const manifests = globSync('*/node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: tree });
    const packages = manifests.map((file) => JSON.parse(readFileSync(join(tree, file), 'utf8')));
    const bundles = globSync('*/dist/*.{js,cjs}', { cwd: tree }).map((file) => readFileSync(join(tree, file), 'utf8'));
    return new Set([
      ...packages.filter(({ name }) => !name.startsWith('@hermes/')).map(({ name, version }) => `${name}@${version}`),
      ...bundles.flatMap(packagesInComments),
    ]);
  };
  const inThePages = () => ['apps/dashboard', 'apps/gateway'].flatMap(packagesInPage);

  test('has a bill of materials that is valid CycloneDX', async () => {
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(sbom)).toBeNull();
    const broken = sbom.replace('"type": "library"', '"type": "librarian"');
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(broken)).not.toBeNull();
  });

  test('lists there what is in it, and nothing else', () => {
    const listed = bom.components
      .map(({ purl }) => purl)
      .filter((purl) => purl.startsWith('pkg:npm/') && !OURS.test(purl));
    const expected = [...contained(), ...inThePages()].map(purlOf);
    expect(expected.filter((purl) => !listed.includes(purl))).toEqual([]);
    const more = listed.filter((purl) => !expected.includes(purl)).map((purl) => purl.replace(/@[^@]+$/, ''));
    expect(more.sort()).toEqual(['pkg:npm/swagger-ui-dist']);
    expect(new Set(listed).size).toBe(listed.length);
  });

  test('lists Node, and its own packages', () => {
    const version = execFileSync(join(tree, 'node/bin/node'), ['--version'], { encoding: 'utf8' }).trim().slice(1);
    expect(bom.components.map(({ purl }) => purl)).toContain(`pkg:generic/node@${version}`);
    const ours = bom.components.filter(({ purl }) => OURS.test(purl)).map(({ purl }) => purl.replace(/@[^@]+$/, ''));
    const names = [
      'dashboard-client',
      'dashboard',
      'drain-audit',
      'drain-contract',
      'drainctl',
      'gateway',
      's6-reconciler',
      'service-kit',
      'systemd',
      'web-kit',
    ];
    expect(ours).toEqual(names.map((name) => `pkg:npm/%40hermes/${name}`));
  });

  test('gives each of them a license, and each package of others the hash of its tarball', () => {
    for (const { purl, licenses, scope, externalReferences } of bom.components) {
      expect(licenses?.length, purl).toBeGreaterThan(0);
      expect(scope, purl).not.toBe('excluded');
      if (OURS.test(purl) || !purl.startsWith('pkg:npm/')) continue;
      expect(externalReferences?.find(({ type }) => type === 'distribution')?.hashes, purl).toHaveLength(1);
    }
  });

  test('says which of them need which: all can be reached from the image', () => {
    const edges = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set<string>();
    const visit = (ref: string): void => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of edges.get(ref) ?? []) visit(next);
    };
    visit(bom.metadata.component['bom-ref']);
    expect(bom.components.map(({ purl }) => purl).filter((purl) => !reached.has(purl))).toEqual([]);
  });

  test('contains the license, and notices of all that is listed', () => {
    expect(readFileSync(join(tree, 'LICENSE'), 'utf8')).toBe(readFileSync(join(CHECKOUT, 'LICENSE'), 'utf8'));
    const named = packagesInNotices(readFileSync(join(tree, 'THIRD-PARTY-NOTICES.md'), 'utf8'));
    const others = bom.components.map(({ purl }) => purl).filter((purl) => !OURS.test(purl));
    expect(named.map(purlOf).sort()).toEqual(others.map((purl) => purl.replace('generic', 'npm')).sort());
    expect(existsSync(join(tree, 'node/bin/node'))).toBe(true);
  });

  test('has the license of Node word by word', () => {
    const notices = readFileSync(join(tree, 'THIRD-PARTY-NOTICES.md'), 'utf8');
    expect(notices).toContain('The externally maintained libraries used by Node.js are');
  });
});
