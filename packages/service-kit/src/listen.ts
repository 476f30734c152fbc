import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartupError } from './startup-error.ts';

/** Where to listen, and the setting to name when that fails. */
export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** For example `API_SERVER_PORT`. */
  readonly setting: string;
}

const CURES: Record<string, string> = {
  EADDRINUSE: 'another program listens there; stop it or choose another port',
  EACCES: 'this user may not bind it; choose a port above 1023',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'this host name is not known',
  EAI_AGAIN: 'this host name cannot be looked up now',
};

/** Listens and returns the port. @throws StartupError that says what to change. */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<number> {
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!(code in CURES)) throw error;
    throw new StartupError(
      `cannot listen on ${options.host}:${options.port}: ${CURES[code]} with ${options.setting} (${code})`,
      { cause: error },
    );
  }
  return (app.server.address() as AddressInfo).port;
}
