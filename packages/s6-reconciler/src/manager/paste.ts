import { shellLine } from '@hermes/drain-contract';
import { DEFAULT_COMMAND, DEFAULT_SCANDIR } from '../defaults.ts';
import { formatUser } from '../reconcile/define-slot.ts';
import type { Supervision } from './supervision.ts';

const ROOT = { uid: 0, gid: 0 } as const;

/** A `hermes-s6` command line for people to paste into any shell: for the same home, scan directory, user and program. */
export function pasteable({ home, scandir, user, command }: Supervision, ...words: readonly string[]): string {
  // Without this option, root would run gateways as the default user the next time.
  const runner = user ?? (process.getuid?.() === ROOT.uid ? ROOT : undefined);
  return shellLine([
    'hermes-s6',
    ...words,
    '--home',
    home,
    ...(scandir === DEFAULT_SCANDIR ? [] : ['--scandir', scandir]),
    ...(runner === undefined ? [] : ['--user', formatUser(runner)]),
    ...(command === DEFAULT_COMMAND ? [] : ['--command', command]),
  ]);
}
