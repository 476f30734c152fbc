import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { slotError } from '../errors.ts';
import { isSupervised } from '../slot/probe.ts';
import { removeTree } from '../slot/remove.ts';
import type { StagingArea } from '../slot/staging-area.ts';
import { awaitUnsupervised } from './presence.ts';
import { rescan } from './tools.ts';

/** How long a supervisor that an interrupted command left behind gets to end. */
const PATIENCE_MS = 5_000;

/** Removes what interrupted commands left in the staging area. @returns what could not be removed, and why. */
export async function clearStagingArea(area: StagingArea): Promise<string[]> {
  const warnings: string[] = [];
  const leftovers = [area.stagedPath('x'), area.trashPath('x')].flatMap((example) => {
    const directory = dirname(example);
    return readdirSync(directory).map((name) => `${directory}/${name}`);
  });
  for (const path of leftovers) {
    try {
      if (isSupervised(path)) {
        await rescan(area.scandir);
        await awaitUnsupervised(path, PATIENCE_MS);
      }
      removeTree(path);
    } catch (error) {
      warnings.push(slotError(`remove ${path}`, error).message);
    }
  }
  return warnings;
}
