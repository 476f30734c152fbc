import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { constants, lstatSync, unlinkSync } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdtemp, open, rm } from 'node:fs/promises';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { DASHBOARD_SOCKET_FILENAME } from '@hermes/drain-contract';
import type { Logger } from '@hermes/service-kit';
import { MAX_SOCKET_PATH_BYTES } from './path.ts';
import { type FileId, isSameFile, NotPublished, publishSocket } from './publish.ts';

const NAME_BYTES = 8;
const DIRECTORY_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A socket in the home on which an HTTP server answers, too. */
export interface HomeSocket {
  /** Takes no more connections and removes the socket if it is still ours. Open connections stay open. */
  close(): void;
}

/**
 * Lets `http`, which must be listening already, answer on a Unix socket in `home`, too, which only this user can open. Its
 * connections are those of `http`: the same limits, timeouts and end.
 * @returns `undefined`, after a warning in `log`, where that cannot be: the dashboard then has its TCP port alone.
 */
export async function openHomeSocket(http: HttpServer, home: string, log: Logger): Promise<HomeSocket | undefined> {
  const path = join(home, DASHBOARD_SOCKET_FILENAME);
  try {
    return await listenAt(path, http, log);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const reason = error instanceof NotPublished ? message : `${path} cannot be made (${code ?? message})`;
    log.warn({ path, reason }, 'no socket in the home: listening on the TCP port only');
    return undefined;
  }
}

async function listenAt(path: string, http: HttpServer, log: Logger): Promise<HomeSocket> {
  // Files in this directory are inaccessible to other users, whatever the umask and the ACLs of the home are.
  const staging = await mkdtemp(`${path}.`);
  let server: Server | undefined;
  try {
    const directory = await open(staging, DIRECTORY_FLAGS);
    try {
      // When the server closes, Node removes this path once more, and by then its descriptor may be another directory's.
      const name = randomBytes(NAME_BYTES).toString('hex');
      const staged = join(shortPath(directory, staging, name), name);
      server = await listen(staged, http, log);
      await chmod(staged, 0o600);
      const id = await lstat(staged, { bigint: true });
      await publishSocket(staged, path, join(staging, 'stale'));
      log.info({ path }, 'listening on the socket in the home');
      return { close: () => close(server, path, id) };
    } finally {
      await directory.close();
    }
  } catch (error) {
    server?.close();
    throw error;
  } finally {
    // An empty directory remains; the socket works without its removal.
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A path of a socket has about a hundred bytes; that of a home may be longer. */
function shortPath({ fd }: FileHandle, path: string, name: string): string {
  if (process.platform === 'linux') return `/proc/self/fd/${fd}`;
  if (Buffer.byteLength(join(path, name)) <= MAX_SOCKET_PATH_BYTES) return path;
  throw new NotPublished(`the path of the home is too long for a socket: ${path}; choose a shorter HERMES_HOME`);
}

async function listen(path: string, http: HttpServer, log: Logger): Promise<Server> {
  // As the sockets of an HTTP server are: a client may end its side before it has the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => http.emit('connection', socket));
  server.listen({ path, exclusive: true });
  await once(server, 'listening');
  // One connection that cannot be accepted, for want of a descriptor for example.
  server.on('error', (err) => log.warn({ err }, 'cannot accept a connection on the socket in the home'));
  return server;
}

function close(server: Server | undefined, path: string, id: FileId): void {
  server?.close();
  try {
    if (isSameFile(lstatSync(path, { bigint: true }), id)) unlinkSync(path);
  } catch {
    // The socket or the volume is gone: the next dashboard replaces what remains.
  }
}
