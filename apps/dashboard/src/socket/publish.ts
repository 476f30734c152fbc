import { type BigIntStats, rmSync } from 'node:fs';
import { link, lstat, rename } from 'node:fs/promises';
import { connectToSocket } from '@hermes/drain-contract';

const PROBE_TIMEOUT_MS = 2_000;

/** Each further one takes another program that puts a socket of its own there and dies. */
const ATTEMPTS = 3;

/** The reason why the socket is not published, as the end of a sentence. */
export class NotPublished extends Error {}

/** The same file, as long as it has a name. */
export type FileId = Pick<BigIntStats, 'dev' | 'ino'>;

/** Whether `a` and `b` are one file. */
export function isSameFile(a: FileId, b: FileId): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/**
 * Gives the socket at `source` the name `path` unless a file is there that is not ours to replace. Only a socket of this user
 * which refuses connections is replaced.
 * @param aside path in a directory of ours, free.
 * @throws NotPublished, or an error of the file system.
 */
export async function publishSocket(source: string, path: string, aside: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // Never replaces: of two dashboards that start together, one finds the socket of the other.
    if (await linked(source, path)) return;
    const found = await lstat(path, { bigint: true }).catch(absent);
    if (!found) continue;
    if (!found.isSocket()) throw new NotPublished(`a file that is no socket is at ${path}; remove it and restart`);
    const { uid } = found;
    if (uid !== BigInt(process.geteuid?.() ?? -1)) {
      throw new NotPublished(`the socket at ${path} belongs to user id ${uid}; remove it and restart`);
    }
    if (!(await refusesConnections(path))) {
      throw new NotPublished(`another dashboard of this home answers on ${path}; drainctl will talk to that one`);
    }
    await moveAside(path, found, aside);
  }
  throw new NotPublished(`other programs keep replacing ${path}; stop them and restart`);
}

async function linked(source: string, path: string): Promise<boolean> {
  try {
    await link(source, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves before it looks: between a look and a removal, another dashboard can have put its live socket there. */
async function moveAside(path: string, stale: FileId, aside: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    absent(error);
    return;
  }
  const moved = await lstat(aside, { bigint: true });
  if (!isSameFile(moved, stale)) await linked(aside, path);
  rmSync(aside);
}

/** Anything else than a refusal may be a dashboard that is busy, stopped, or in another container. */
async function refusesConnections(path: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    (await connectToSocket(path, { signal, check: () => undefined })).destroy();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  }
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
