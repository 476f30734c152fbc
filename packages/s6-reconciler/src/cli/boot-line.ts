import { parseArgs } from 'node:util';
import type { ReconcileCommandOptions } from '../commands/reconcile.ts';
import { DEFAULT_COMMAND } from '../defaults.ts';
import { parseCount, type Settings } from './settings.ts';

/**
 * Parses the options of `hermes-s6 reconcile` with Node's own parser: a boot waits for this command, and loading commander
 * takes a tenth of its time. Returns `undefined` for every other command and for invalid options; commander parses those
 * and reports the errors. A test compares the two parsers.
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
        'migrated-only': { type: 'boolean', default: false },
      },
    });
    const {
      'max-services': maxServices,
      'dry-run': dryRun,
      'refresh-only': refreshOnly,
      'migrated-only': migratedOnly,
      ...others
    } = values;
    return { ...others, maxServices: parseCount(maxServices), dryRun, refreshOnly, migratedOnly };
  } catch {
    return undefined;
  }
}
