import { randomUUID } from 'node:crypto';
import { open, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The names of these files, in the home. */
export const TURN_FILE = /^\.(?:history|content)-[0-9a-f-]{36}\.jsonl?$/;

/** A file for one turn, which only this user can read. */
export interface TurnFile {
  readonly path: string;
  /** Never rejects. */
  remove(): Promise<void>;
}

export interface NewTurnFile {
  readonly kind: 'history' | 'content';
  readonly extension: 'json' | 'jsonl';
  readonly text: string;
}

/** Writes a file in `directory`. @throws when it could not be stored; nothing of it is left then. */
export async function writeTurnFile(directory: string, { kind, extension, text }: NewTurnFile): Promise<TurnFile> {
  // A sandbox shows only paths without links.
  const path = join(await realpath(directory), `.${kind}-${randomUUID()}.${extension}`);
  const remove = () => unlink(path).catch(() => undefined);
  await using file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
