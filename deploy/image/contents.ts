import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readBundled } from '../../scripts/third-party/bundled.ts';
import { isOurs, readThirdParty, type ThirdParty } from '../../scripts/third-party/package.ts';

/** The third-party content of the tree: npm packages by location, and Node. */
export interface Contents {
  /** As packages of their own below `node_modules`. */
  readonly installed: readonly ThirdParty[];
  /** As part of a file of ours. */
  readonly bundled: readonly ThirdParty[];
  readonly node: ThirdParty;
}

/**
 * Looks at the tree itself for what is installed, and at the bundler's lists for what is bundled.
 * @param deployed directories of our programs in the tree
 * @param workspaces where each was built
 * @param node the executable that was copied, in the directory that its distribution has it in
 */
export function readContents(deployed: readonly string[], workspaces: readonly string[], node: NodeBinary): Contents {
  return {
    installed: deployed.flatMap(installedPackages),
    bundled: workspaces.flatMap(readBundled),
    node: { name: 'node', version: node.version, license: 'MIT', texts: [nodeLicense(node.path)], author: '' },
  };
}

export interface NodeBinary {
  readonly path: string;
  readonly version: string;
}

/** pnpm keeps each package once, in a directory of its own; the rest are links to it. */
function installedPackages(deployed: string): ThirdParty[] {
  const manifests = globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: deployed });
  const directories = manifests.map((manifest) => join(deployed, dirname(manifest)));
  return directories.filter((directory) => !isOurs(nameIn(directory))).map(readThirdParty);
}

function nameIn(directory: string): string {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).name;
}

/** Node's license file also has those of all that Node itself contains. */
function nodeLicense(node: string): string {
  const file = join(dirname(dirname(node)), 'LICENSE');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`expected the license of ${node} in ${file}; copy Node together with it`, { cause: error });
  }
}
