import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DASHBOARD_TOKEN_FILENAME,
  fileError,
  isMountPoint,
  readTrustedFile,
  UntrustedFileError,
} from '@hermes/drain-contract';
import { StartupError, secretWeakness } from '@hermes/service-kit';

const TOKEN_BYTES = 32;
const MAX_TOKEN_FILE_BYTES = 4096;

const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Absolute path of the file that keeps the generated secret of the dashboard of `home`. */
export function tokenPath(home: string): string {
  return join(home, DASHBOARD_TOKEN_FILENAME);
}

/**
 * The generated secret of the dashboard of `home`, made on first use. Programs that start together get the same one.
 * @throws StartupError when the file cannot be trusted or made, with the cure.
 */
export async function ensureToken(home: string): Promise<string> {
  const path = tokenPath(home);
  const existing = readToken(path);
  if (existing !== undefined) return existing;
  await publishToken(path);
  const published = readToken(path);
  if (published !== undefined) return published;
  throw new StartupError(
    `${path} disappeared while it was being created: another program removes it; find and stop that program`,
  );
}

/** @returns `undefined` when there is no file. */
function readToken(path: string): string | undefined {
  const token = readTrusted(path)?.trim();
  const weakness = token === undefined ? undefined : secretWeakness(token);
  if (weakness) throw untrusted(path, weakness);
  return token;
}

function readTrusted(path: string): string | undefined {
  const owners = [process.geteuid?.()];
  try {
    // Other users may be able to write to the home.
    return readTrustedFile(path, {
      followLinks: false,
      owners,
      forbiddenMode: () => 0o077,
      maxBytes: MAX_TOKEN_FILE_BYTES,
    }).text;
  } catch (error) {
    if (error instanceof UntrustedFileError) throw untrusted(path, error.message);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}

function untrusted(path: string, reason: string): StartupError {
  const cure = isMountPoint(path)
    ? 'unmount it and remove the file, or name the mounted one with HERMES_DASHBOARD_DRAIN_SECRET_FILE'
    : 'remove the file and a new one will be made';
  return new StartupError(`cannot use the secret in ${path}: ${reason}; ${cure}`);
}

/** Writes a token under a temporary name first, so that no reader sees a part; the first process to link it wins. */
async function publishToken(path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    await writeToken(temporary, randomBytes(TOKEN_BYTES).toString('base64url'));
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    const { message } = fileError('create', path, error);
    throw new StartupError(`${message}. Or choose a secret yourself: HERMES_DASHBOARD_DRAIN_SECRET`, { cause: error });
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

async function writeToken(path: string, token: string): Promise<void> {
  const file = await open(path, CREATE_FLAGS, 0o600);
  try {
    await file.writeFile(token);
    await file.sync();
  } finally {
    await file.close();
  }
}
