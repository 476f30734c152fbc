import type { Socket } from 'node:net';
import { connectToSocket } from '@hermes/drain-contract';
import { Unreachable } from '../errors.ts';
import { type Claim, connectToProven } from './proven-tcp.ts';

/** A dashboard on this machine, to which the secret in its home is sent, and to no other program. */
export interface LocalDashboard extends Claim {
  /** Its socket, to be tried first; `undefined` where a person named a URL, which may be another dashboard's. */
  readonly socketPath: string | undefined;
}

/** Connects to its socket, or to its port if the socket cannot be used. @throws Unreachable, Unprovable. */
export async function connectToLocal(dashboard: LocalDashboard, signal: AbortSignal): Promise<Socket> {
  const { socketPath, trusted } = dashboard;
  if (socketPath === undefined) return connectToProven(dashboard, signal);
  const check = (owner: number) => {
    if (!trusted.includes(owner)) throw new Error(`it belongs to user id ${owner}`);
  };
  const unusable = await connectToSocket(socketPath, { signal, check }).catch((error) => error as Error);
  if (!(unusable instanceof Error)) return unusable;
  signal.throwIfAborted();
  return connectToProven(dashboard, signal).catch((error: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    const reason = error instanceof Unreachable ? error.reason : error.code;
    if (reason === undefined) throw error;
    throw new Unreachable(tell(dashboard), `${reasonOf(unusable)}; ${reason}`);
  });
}

/** For messages. */
export function tell({ url, socketPath }: LocalDashboard): string {
  return socketPath === undefined ? url.origin : `${socketPath} or ${url.origin}`;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
