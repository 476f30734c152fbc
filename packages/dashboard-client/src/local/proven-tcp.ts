import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, isIPv4, type Socket } from 'node:net';
import { endianness } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Unprovable, Unreachable } from '../errors.ts';
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

/** The kernel's list may leave out a listener while others come and go, so no proof is no answer yet. In ms. */
const PROOF_TIMEOUT_MS = 3_000;
const PROOF_RETRY_MS = 50;

/** The remedies for messages when a secret was not sent. */
export interface Advice {
  /** How to send a secret anyway; a sentence. */
  readonly sendAnyway: string;
  /** How to use the socket in the home instead of a port; a clause. */
  readonly useSocket: string;
}

/** The required owner, and the texts for a failed check. */
export interface Claim {
  readonly url: URL;
  /** Ids of the users one of whom must listen there: their programs may see the secret. */
  readonly trusted: readonly number[];
  readonly advice: Advice;
}

/**
 * Connects to `url` on this machine if what listens there belongs to one of the users `trusted`.
 * @throws Unreachable when it does not, or for the reason of the system; Unprovable where that cannot be seen.
 */
export async function connectToProven(claim: Claim, signal: AbortSignal): Promise<Socket> {
  const begun = performance.now();
  for (;;) {
    const socket = await tryToConnect(claim, signal);
    if (socket !== undefined) return socket;
    if (performance.now() - begun > PROOF_TIMEOUT_MS) break;
    await delay(PROOF_RETRY_MS, undefined, { signal });
  }
  throw new Unreachable(claim.url.origin, `${UNKNOWN} ${claim.advice.sendAnyway}`);
}

/** @returns `undefined` when the listening process cannot be determined. */
async function tryToConnect(claim: Claim, signal: AbortSignal): Promise<Socket | undefined> {
  const { url } = claim;
  const before = await readListeners(claim);
  const socket = connect({ host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: portOf(url) });
  // It may break while the proof is made; who uses it finds `errored`.
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
    const proof = await prove(socket, before, claim);
    if (proof.is === 'trusted') return socket;
    if (proof.is === 'foreign') throw new Unreachable(url.origin, foreign(proof.uid, claim));
    socket.destroy();
    return undefined;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  }
}

async function prove(socket: Socket, before: Listener[], claim: Claim): Promise<Proof> {
  const peer = peerOf(socket);
  return peer ? judgeListener(before, await readListeners(claim), peer, claim.trusted) : { is: 'unknown' };
}

const UNKNOWN = 'cannot see which user listens there, so the secret in the home was not sent. Try again.';

function foreign(uid: number, { trusted, advice }: Claim): string {
  const expected = [...new Set(trusted)].join(' or ');
  return `user id ${uid} listens there, expected ${expected}: the secret in the home was not sent. Is the dashboard running? ${advice.sendAnyway}`;
}

async function readListeners({ url, advice }: Claim): Promise<Listener[]> {
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
    const cure = `${advice.useSocket}. ${advice.sendAnyway}`;
    throw new Unprovable(`${what}, so the secret in the home was not sent: ${cure}`);
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
