import type { Package } from './packages.ts';

/** A package, and what its changelog says of the version. */
export interface Section {
  readonly of: Package;
  readonly text: string;
}

/**
 * The notes of a release, as Markdown: how to install it, what works together, and the changes of each package.
 * @param registry the packages are in
 */
export function releaseNotes(version: string, registry: string, sections: readonly Section[]): string {
  const changes = sections.map(({ of, text }) => `## ${of.manifest.name}\n\n${text}\n`);
  const parts = [`# ${version}\n`, install(version, registry, sections), compatibility(version, sections), ...changes];
  return parts.join('\n');
}

function install(version: string, registry: string, sections: readonly Section[]): string {
  const packages = sections.map(({ of }) => of.manifest);
  const scopes = [...new Set(packages.map(({ name }) => name.split('/')[0]))];
  const configure = scopes.map((scope) => `npm config set ${scope}:registry ${registry}`);
  const commands = packages.filter(({ bin }) => bin !== undefined).map(({ name }) => `${name}@${version}`);
  const libraries = packages.filter(({ exports }) => exports !== undefined).map(({ name }) => `${name}@${version}`);
  const lines = [
    ...configure,
    ...(commands.length > 0 ? [`npm install --global ${commands.join(' ')}`] : []),
    ...(libraries.length > 0 ? [`npm install ${libraries.join(' ')}  # in a project that imports them`] : []),
  ];
  return `## Install\n\nChoose what you need:\n\n\`\`\`sh\n${lines.join('\n')}\n\`\`\`\n`;
}

function compatibility(version: string, sections: readonly Section[]): string {
  const nodes = [...new Set(sections.map(({ of }) => of.manifest.engines?.['node'] ?? 'any version'))];
  return `Compatibility: the packages of ${version} are tested together. Node.js: ${nodes.sort().join(', ')}.\n`;
}
