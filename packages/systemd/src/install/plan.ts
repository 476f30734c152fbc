import { type Authorship, authorshipOf } from '../unit/signed.ts';

/** A file, and its text there, if it is there. */
export interface FoundFile {
  readonly path: string;
  readonly wanted: string;
  readonly found: string | undefined;
}

/** What an installation does with a file. */
export type InstallAction = 'create' | 'update' | 'overwrite' | 'keep';

/** What its removal does with a file. */
export type RemoveAction = 'remove' | 'absent';

export interface PlannedFile<Action> {
  readonly path: string;
  readonly text: string;
  readonly action: Action;
}

/** A plan, or the files that a person has changed, which only `force` overwrites. */
export type Plan<Action> =
  | { readonly files: readonly PlannedFile<Action>[] }
  | { readonly changedByHand: readonly string[] };

const INSTALL: Readonly<Record<Authorship, InstallAction>> = { wanted: 'keep', ours: 'update', changed: 'overwrite' };

/** Pure. */
export function planInstall(files: readonly FoundFile[], force: boolean): Plan<InstallAction> {
  return plan(files, force, ({ found, wanted }) =>
    found === undefined ? 'create' : INSTALL[authorshipOf(found, wanted)],
  );
}

/** Pure. */
export function planRemoval(files: readonly FoundFile[], force: boolean): Plan<RemoveAction> {
  return plan(files, force, ({ found }) => (found === undefined ? 'absent' : 'remove'));
}

function plan<Action>(
  files: readonly FoundFile[],
  force: boolean,
  actionFor: (file: FoundFile) => Action,
): Plan<Action> {
  const changed = files.filter(({ found, wanted }) => found !== undefined && authorshipOf(found, wanted) === 'changed');
  if (changed.length > 0 && !force) return { changedByHand: changed.map(({ path }) => path) };
  return { files: files.map((file) => ({ path: file.path, text: file.wanted, action: actionFor(file) })) };
}
