import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, isIPv4, type Socket } from 'node:net';
import { endianness } from 'node:os';
import { Unreachable } from '../errors.ts';
import { DrainctlError, EXIT } from '../exit.ts';
import {
  hexOfIpv4,
  hexOfIpv6Loopback,
  judgeListener,
  type Listener,
  type Peer,
  type Proof,
  parseListeners,
} from './listeners.ts';

const LITTLE_ENDIAN = endianness() === 'LE';
const CURE = 'To send a secret to it all the same, name both: --url URL --token-file FILE';

/** The kernel's list may leave out a listener while others come and go, so that no proof is no answer yet. */
const ATTEMPTS = 5;

/**
 * Connects to `url` on this machine if what listens there belongs to one of the users `trusted`.
 * @throws Unreachable when it does not, or for the reason of the system; DrainctlError where that cannot be seen.
 */
export async function connectToProven(url: URL, trusted: readonly number[], signal: AbortSignal): Promise<Socket> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const socket = await tryToConnect(url, trusted, signal);
    if (socket !== undefined) return socket;
  }
  throw new Unreachable(url.origin, UNKNOWN);
}

/** @returns `undefined` when it cannot be told who listens. */
async function tryToConnect(url: URL, trusted: readonly number[], signal: AbortSignal): Promise<Socket | undefined> {
  const before = await readListeners(url);
  const socket = connect({ host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: portOf(url) });
  try {
    await once(socket, 'connect', { signal });
    const proof = await prove(socket, before, trusted, url);
    if (proof.is === 'trusted') return socket;
    if (proof.is === 'foreign') throw new Unreachable(url.origin, foreign(proof.uid, trusted));
    socket.destroy();
    return undefined;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  }
}

async function prove(socket: Socket, before: Listener[], trusted: readonly number[], url: URL): Promise<Proof> {
  const peer = peerOf(socket);
  return peer ? judgeListener(before, await readListeners(url), peer, trusted) : { is: 'unknown' };
}

const UNKNOWN = `cannot see which user listens there, so the secret in the home was not sent. Try again. ${CURE}`;

function foreign(uid: number, trusted: readonly number[]): string {
  const expected = [...new Set(trusted)].join(' or ');
  return `user id ${uid} listens there, expected ${expected}: the secret in the home was not sent. Is the dashboard running? ${CURE}`;
}

async function readListeners(url: URL): Promise<Listener[]> {
  try {
    const [ipv4, ipv6] = await Promise.all([
      readFile('/proc/self/net/tcp', 'latin1'),
      // A kernel without IPv6 has no such table.
      readFile('/proc/self/net/tcp6', 'latin1').catch(ifMissing),
    ]);
    return [...parseListeners(ipv4), ...parseListeners(ipv6)];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = `cannot see on this system which user listens at ${url.host} (/proc/self/net/tcp: ${code})`;
    const cure = 'leave out --url and DRAINCTL_URL to use the socket of the dashboard in HERMES_HOME';
    throw new DrainctlError(
      'no-credential',
      EXIT.config,
      `${what}, so the secret in the home was not sent: ${cure}. ${CURE}`,
    );
  }
}

function ifMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

/** @returns `undefined` where a name led away from this machine, or the connection is gone. */
function peerOf({ remoteAddress = '', remotePort: port = 0 }: Socket): Peer | undefined {
  if (remoteAddress === '::1') return { address: hexOfIpv6Loopback(LITTLE_ENDIAN), port };
  if (!isIPv4(remoteAddress) || !remoteAddress.startsWith('127.')) return undefined;
  return { address: hexOfIpv4(remoteAddress, LITTLE_ENDIAN), port };
}
