import { readTrustedFile, shellLine, type TrustedFile, UntrustedFileError } from '@hermes/drain-contract';
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
export async function readTokenFile(path: string, { followLinks }: TokenFileOptions): Promise<FoundToken> {
  const { text, owner } = readTrusted(path, followLinks);
  return { token: checkedToken(text.trim(), path), owner };
}

/** `token` if it can be one. @throws DrainctlError that does not repeat it. */
export function checkedToken(token: string, where: string): string {
  if (TOKEN.test(token)) return token;
  throw badToken(`${where}: expected a secret of printable characters on one line`);
}

function readTrusted(path: string, followLinks: boolean): TrustedFile {
  // As ssh does: a file of another user, like a secret that is mounted into a container, is theirs to guard.
  const forbiddenMode = ({ uid }: { readonly uid: number }) => (uid === process.geteuid?.() ? 0o077 : 0o007);
  try {
    return readTrustedFile(path, { followLinks, forbiddenMode, maxBytes: MAX_TOKEN_FILE_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof UntrustedFileError)) throw badToken(`cannot read the secret in ${path}: ${code}`);
    if (error.distrust === 'link') throw badToken(`cannot read the secret in ${path}: ${message}`);
    const cure = error.distrust === 'access' ? `; to close it: ${shellLine(['chmod', '600', path])}` : '';
    throw badToken(`cannot use the secret in ${path}: ${message}${cure}`);
  }
}

function badToken(message: string): DrainctlError {
  return new DrainctlError(
    'no-credential',
    EXIT.config,
    `${message}. Name another one with --token-file, DRAINCTL_TOKEN_FILE or DRAINCTL_TOKEN`,
  );
}
