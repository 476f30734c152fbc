import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pnpm } from '../../scripts/pnpm.mjs';
import type { ThirdParty } from '../../scripts/third-party/package.ts';
import type { Contents } from './contents.ts';

/** The parts of CycloneDX that are read or changed here; the rest stays as pnpm wrote it. */
interface Component {
  readonly purl: string;
  readonly 'bom-ref': string;
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Dependencies {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependencies[];
}

const SPEC_VERSION = '1.6';
const ROOT = 'hermes-image';

/**
 * The bill of materials of the image, as CycloneDX: pnpm says what each package is, with license, hash and dependencies;
 * what is in the image, by `contents`, decides which of them are listed.
 * @throws {Error} when the image contains a package that the lockfile does not know
 */
export function billOfMaterials(checkout: string, programs: readonly string[], contents: Contents): object {
  const boms = askPnpm(checkout, programs);
  const known = new Map(
    boms.flatMap(({ metadata, components }) => [metadata.component, ...components]).map((one) => [one.purl, one]),
  );
  const ours = [...known.keys()].filter(
    (purl) => purl.startsWith('pkg:npm/%40hermes/') && !purl.includes('/test-kit@'),
  );
  const bundled = new Set(contents.bundled.map(purlOf));
  const installed = new Set(contents.installed.map(purlOf));
  const listed = new Set([...ours, ...bundled, ...installed]);
  const unknown = [...listed].filter((purl) => !known.has(purl));
  if (unknown.length > 0) throw new Error(`in the image, but not in pnpm-lock.yaml: ${unknown.join(', ')}`);
  const node = nodeComponent(contents.node);
  const components = [...listed].sort().flatMap((purl) => known.get(purl) ?? []);
  const apps = boms.map(({ metadata }) => metadata.component['bom-ref']).sort();
  return {
    $schema: `http://cyclonedx.org/schema/bom-${SPEC_VERSION}.schema.json`,
    bomFormat: 'CycloneDX',
    specVersion: SPEC_VERSION,
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: { ...boms[0]?.metadata, component: rootComponent(checkout) },
    components: [...components.map((one) => asContained(one, bundled, installed)), node],
    dependencies: [{ ref: ROOT, dependsOn: [...apps, node['bom-ref']] }, ...dependenciesOf(boms, listed)],
  };
}

export function purlOf({ name, version }: Pick<ThirdParty, 'name' | 'version'>): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** One bill a program, with all that it needs at build and at run time. */
function askPnpm(checkout: string, programs: readonly string[]): Bom[] {
  const directory = mkdtempSync(join(tmpdir(), 'hermes-sbom-'));
  try {
    const filters = programs.flatMap((name) => ['--filter', name]);
    const format = ['--sbom-format', 'cyclonedx', '--sbom-spec-version', SPEC_VERSION, '--sbom-type', 'application'];
    const words = ['--dir', checkout, ...filters, 'sbom', '--split', ...format, '--out', join(directory, '%s.json')];
    if (!pnpm(checkout, words)) throw new Error('pnpm sbom failed, see above');
    return readdirSync(directory).map((file): Bom => JSON.parse(readFileSync(join(directory, file), 'utf8')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function rootComponent(checkout: string) {
  const { description } = readManifest(checkout);
  const { version } = readManifest(join(checkout, 'apps/gateway'));
  const licenses = [{ license: { id: 'MIT' } }];
  return { type: 'container', 'bom-ref': ROOT, name: 'hermes', version, description, licenses };
}

function readManifest(directory: string): { readonly version: string; readonly description: string } {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

/** Scanners find Node's advisories by the CPE. */
function nodeComponent({ version, license }: ThirdParty) {
  const purl = `pkg:generic/node@${version}`;
  const cpe = `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`;
  const licenses = [{ license: { id: license } }];
  return { type: 'platform', 'bom-ref': purl, name: 'node', version, purl, cpe, licenses };
}

/** What is only a development dependency in the lockfile, as the page's are, is in the image all the same. */
function asContained(component: Component, bundled: ReadonlySet<string>, installed: ReadonlySet<string>): Component {
  const { scope: _, properties: __, ...rest } = component;
  const how = [...(bundled.has(rest.purl) ? ['bundled'] : []), ...(installed.has(rest.purl) ? ['installed'] : [])];
  const properties = how.map((value) => ({ name: 'hermes:contained', value }));
  return properties.length === 0 ? rest : { ...rest, properties };
}

function dependenciesOf(boms: readonly Bom[], listed: ReadonlySet<string>): Dependencies[] {
  const edges = new Map<string, Set<string>>();
  for (const { ref, dependsOn = [] } of boms.flatMap(({ dependencies }) => dependencies)) {
    if (!listed.has(ref)) continue;
    const targets = edges.get(ref) ?? new Set();
    for (const target of dependsOn) if (listed.has(target)) targets.add(target);
    edges.set(ref, targets);
  }
  return [...edges].sort().map(([ref, targets]) => ({ ref, dependsOn: [...targets].sort() }));
}
