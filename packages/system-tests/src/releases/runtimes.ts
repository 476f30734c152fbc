import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The Nodes that our packages are tried on: the oldest and the newest that they claim, and the one that runs this. */
export const RUNTIMES = ['lowest', 'newest', 'pinned'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** The executable, or `undefined` on a platform for which no package has it. */
export function nodeOf(runtime: Runtime): string | undefined {
  if (runtime === 'pinned') return realpathSync(process.execPath);
  const path = fileURLToPath(new URL(`../../../node-runtimes/node_modules/node-${runtime}/bin/node`, import.meta.url));
  return existsSync(path) ? path : undefined;
}
