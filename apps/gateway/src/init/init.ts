import { lstatSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DESIRED_STATE_FILENAME,
  FLOCK_FILENAME,
  GATEWAY_STATE_FILENAME,
  HOME_LOCK_FILENAME,
  JOURNAL_FILENAME,
  PID_FILENAME,
  PROFILE_MARK_FILENAME,
} from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { CONFIG_FILENAME, OWN_CONFIG_FILENAME } from '../config/config-file.ts';
import { placeHome } from '../profile/create.ts';
import { explainSystemError } from '../storage/system-error.ts';
import { CONFIG_TEMPLATE } from './config-template.ts';

/** Entries that only a home has. */
const OF_A_HOME = [
  ...[JOURNAL_FILENAME, HOME_LOCK_FILENAME, FLOCK_FILENAME, PID_FILENAME],
  ...[GATEWAY_STATE_FILENAME, DESIRED_STATE_FILENAME],
  ...['profiles', PROFILE_MARK_FILENAME],
];

export interface Initialized {
  /** Paths that were made. */
  readonly created: readonly string[];
  /** What is there and is not as a new home would be, with what to do. */
  readonly problems: readonly string[];
}

/**
 * Makes a home with a commented `config.yaml`; in a home that is there already, only adds that file if it is missing.
 * @param beside whether to write `gateway.yaml` instead, which takes precedence over a `config.yaml` of another program.
 * @throws StartupError or ContractError, with nothing changed.
 */
export function initializeHome(home: string, beside: boolean): Initialized {
  try {
    return initialize(home, beside ? OWN_CONFIG_FILENAME : CONFIG_FILENAME);
  } catch (error) {
    throw explainSystemError('use', home, error);
  }
}

function initialize(home: string, filename: string): Initialized {
  const stat = statSync(home, { throwIfNoEntry: false });
  if (stat === undefined) {
    placeHome(home, { [filename]: CONFIG_TEMPLATE });
    return { created: [home, join(home, filename)], problems: [] };
  }
  if (!stat.isDirectory()) throw new StartupError(`${home} is not a directory: choose another one`);
  const names = readdirSync(home).filter((name) => name !== 'lost+found');
  const problems = (stat.mode & 0o022) === 0 ? [] : [`other users can change it: chmod 700 ${home}`];
  const config = join(home, filename);
  if (lstatSync(config, { throwIfNoEntry: false })) return { created: [], problems };
  if (names.length > 0 && !names.some((name) => OF_A_HOME.includes(name)))
    throw new StartupError(`${home} is not empty and not a home (${names[0]}): choose another directory`);
  writeFileSync(config, CONFIG_TEMPLATE, { mode: 0o600, flag: 'wx', flush: true });
  return { created: [config], problems };
}
