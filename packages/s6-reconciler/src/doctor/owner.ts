import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import {
  DESIRED_STATE_FILENAME,
  GATEWAY_STATE_FILENAME,
  HOME_LOCK_FILENAME,
  JOURNAL_FILENAME,
  PID_FILENAME,
  shellLine,
} from '@hermes/drain-contract';
import { errnoOf } from '../errors.ts';
import { requireAccess } from '../user.ts';
import { type Finding, fault, fine, reasonOf, unknown, warn } from './finding.ts';

/** What the gateway or its service manager replaces or changes. `config.yaml` may belong to someone else. */
const WRITTEN = [
  ...[GATEWAY_STATE_FILENAME, DESIRED_STATE_FILENAME],
  ...[PID_FILENAME, HOME_LOCK_FILENAME, JOURNAL_FILENAME, 'logs'],
];

/** Whose files the gateway of a home writes. */
export interface Ownership {
  /** The user id that its gateway has. Default: that of this process. */
  readonly user?: number;
  /** What to do about a home of root. Default: {@link giveAway} to an account that is to be made. */
  readonly remedy?: string;
}

/**
 * The remedy for a home of root. @param account an unprivileged account of this machine that could have it, if one is
 * known @param start what makes its gateway run as that account, if more than its next start
 */
export function giveAway(home: string, account?: string, start?: (account: string) => string): string {
  if (account === undefined) return 'make an unprivileged account, stop the gateway, and give that account the home';
  const steps = ['stop the gateway', shellLine(['chown', '-R', account, home]), start?.(account)];
  return steps.filter((step) => step !== undefined).join('; ');
}

/** Whether the files that a gateway writes belong to its user, and whether that is an unprivileged one. */
export function checkOwner(
  home: string,
  { user = process.geteuid?.() ?? 0, remedy = giveAway(home) }: Ownership = {},
): Finding {
  let foreign: readonly string[];
  try {
    foreign = ['.', ...WRITTEN].filter((name) => {
      const owner = lstatSync(join(home, name), { throwIfNoEntry: false })?.uid ?? user;
      return owner !== user;
    });
  } catch (error) {
    return unknown(`${home}: ${reasonOf(error)}`);
  }
  if (foreign.length > 0) {
    const paths = foreign.map((name) => join(home, name));
    const found = `${foreign.join(', ')}: expected to belong to user ${user}, found another owner`;
    const cure = `sudo ${shellLine(['chown', '-R', String(user), ...paths])}`;
    const writable = paths.map(isWritable);
    if (writable.includes(false)) return fault(found, cure);
    return writable.includes(undefined) ? unknown(found, cure) : warn(found, cure);
  }
  if (user !== 0) return fine(`user ${user} owns what the gateway writes`);
  return warn('the home belongs to root, so its gateway and agents run as root', remedy);
}

/** `undefined` where that cannot be determined. */
function isWritable(path: string): boolean | undefined {
  try {
    requireAccess(path, 'rw');
    return true;
  } catch (error) {
    return errnoOf(error) === undefined ? undefined : false;
  }
}
