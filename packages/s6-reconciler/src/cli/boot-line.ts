import { parseArgs } from 'node:util';
import type { ReconcileCommandOptions } from '../commands/reconcile.ts';
import { DEFAULT_COMMAND } from '../defaults.ts';
import { parseCount, type Settings } from './settings.ts';

/**
 * What `hermes-s6 reconcile` is told, read by Node's own parser: a boot waits for it, and to load commander and what
 * it needs takes a tenth of the time. `undefined` for every other command and for what is not understood; commander reads
 * those, and tells. A test holds the two against each other.
 */
export function readBootLine(argv: readonly string[], settings: Settings): ReconcileCommandOptions | undefined {
  const [name, ...args] = argv;
  if (name !== 'reconcile') return undefined;
  try {
    const { values } = parseArgs({
      args,
      options: {
        scandir: { type: 'string', default: settings.scandir },
        json: { type: 'boolean', default: false },
        home: { type: 'string' },
        user: { type: 'string', default: settings.user },
        command: { type: 'string', default: DEFAULT_COMMAND },
        'max-services': { type: 'string', default: String(settings.maxServices) },
        'dry-run': { type: 'boolean', default: false },
        'refresh-only': { type: 'boolean', default: false },
      },
    });
    const { 'max-services': maxServices, 'dry-run': dryRun, 'refresh-only': refreshOnly, ...others } = values;
    return { ...others, maxServices: parseCount(maxServices), dryRun, refreshOnly };
  } catch {
    return undefined;
  }
}
