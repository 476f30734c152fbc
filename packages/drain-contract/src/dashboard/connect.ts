import { once } from 'node:events';
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';

// Linux: names a file without opening it. Node has no constant for it.
const O_PATH = 0x200000;

/** How {@link connectToSocket} connects. */
export interface ConnectOptions {
  /** Ends the attempt with its reason. */
  readonly signal: AbortSignal;
  /** Throws if the socket is not trusted. Gets the user id of its owner, who is the user that listens on it. */
  readonly check: (owner: number) => void;
}

/**
 * Connects to the socket at `path`, however long that is, and never through a link. On Linux no process can exchange the file
 * between the check of its owner and the connection; elsewhere those could who can write to its directory. The connection may break
 * before the caller looks at it: it has a listener for errors, and `errored` says what happened.
 * @throws the error of `check` or of the system; `ENOTSOCK` for another kind of file.
 */
export async function connectToSocket(path: string, options: ConnectOptions): Promise<Socket> {
  if (process.platform !== 'linux') return connectChecked(path, await lstat(path), options);
  const file = await open(path, O_PATH | constants.O_NOFOLLOW);
  try {
    return await connectChecked(`/proc/self/fd/${file.fd}`, await file.stat(), options);
  } finally {
    await file.close();
  }
}

type FileStat = Awaited<ReturnType<typeof lstat>>;

async function connectChecked(path: string, stat: FileStat, { signal, check }: ConnectOptions): Promise<Socket> {
  if (!stat.isSocket()) throw Object.assign(new Error('it is not a socket'), { code: 'ENOTSOCK' });
  check(Number(stat.uid));
  signal.throwIfAborted();
  const socket = connect(path);
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  }
}
