import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { shellLine } from '@hermes/drain-contract';
import { DrainctlError, EXIT } from '../exit.ts';

const MAX_TOKEN_FILE_BYTES = 4096;
// A header of one line, which no other kind of secret file is likely to be.
const TOKEN = /^[\x21-\x7e]{1,1024}$/;

export interface TokenFileOptions {
  /** Whether the path may be a symbolic link: yes for a path that the user named, no in a directory that others may write to. */
  readonly followLinks: boolean;
}

/** A secret and the user id of the owner of its file. */
export interface FoundToken {
  readonly token: string;
  readonly owner: number;
}

/** The secret in the file at `path`. @throws DrainctlError when it is missing, no secret, or open to other users. */
export async function readTokenFile(path: string, options: TokenFileOptions): Promise<FoundToken> {
  const file = await openFile(path, options);
  try {
    return await readTrusted(file, path);
  } finally {
    await file.close();
  }
}

/** `token` if it can be one. @throws DrainctlError that does not repeat it. */
export function checkedToken(token: string, where: string): string {
  if (TOKEN.test(token)) return token;
  throw badToken(`${where}: expected a secret of printable characters on one line`);
}

async function openFile(path: string, { followLinks }: TokenFileOptions): Promise<FileHandle> {
  // Never blocks on a FIFO.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  try {
    return await open(path, followLinks ? flags : flags | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw badToken(`cannot read the secret in ${path}: ${code === 'ELOOP' ? 'it is a symbolic link' : code}`);
  }
}

async function readTrusted(file: FileHandle, path: string): Promise<FoundToken> {
  const { uid, mode, size, isFile } = await file.stat().then((stat) => ({ ...stat, isFile: stat.isFile() }));
  if (!isFile) throw badToken(`cannot use the secret in ${path}: it is not a regular file`);
  // As ssh does: the mode of a file of another user, such as a secret mounted into a container, is that user's concern.
  const open = uid === process.geteuid?.() ? mode & 0o077 : mode & 0o007;
  if (open !== 0)
    throw badToken(
      `cannot use the secret in ${path}: other users have access to it; to close it: ${shellLine(['chmod', '600', path])}`,
    );
  if (size > MAX_TOKEN_FILE_BYTES) throw badToken(`cannot use the secret in ${path}: it is too large`);
  return { token: checkedToken((await file.readFile('utf8')).trim(), path), owner: uid };
}

function badToken(message: string): DrainctlError {
  return new DrainctlError(
    'no-credential',
    EXIT.config,
    `${message}. Name another one with --token-file, DRAINCTL_TOKEN_FILE or DRAINCTL_TOKEN`,
  );
}
