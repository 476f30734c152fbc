import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartupError } from '../startup-error.ts';

/** Where to listen, and the settings to name when that fails. */
export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** For example `API_SERVER_HOST` and `API_SERVER_PORT`. */
  readonly settings: { readonly host: string; readonly port: string };
}

/** What is wrong and what to do, and the setting with which to do it. */
const CURES: Record<string, readonly [cure: string, setting: keyof ListenOptions['settings']]> = {
  EADDRINUSE: ['another program listens there; stop it or choose another port', 'port'],
  EACCES: ['this user may not bind it; choose a port above 1023', 'port'],
  EADDRNOTAVAIL: ['this machine does not have that address; choose another', 'host'],
  EAFNOSUPPORT: ['this machine does not have addresses of that kind; choose another', 'host'],
  ENOTFOUND: ['this host name is not known; choose another', 'host'],
  EAI_AGAIN: ['this host name cannot be looked up now; wait, or choose an address', 'host'],
};

/** Listens and returns the port. @throws StartupError that says what to change; after one, the same can be tried again. */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<number> {
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const [cure, setting] = CURES[code] ?? [];
    if (!cure || !setting) throw error;
    const { host, port, settings } = options;
    throw new StartupError(`cannot listen on ${host}:${port}: ${cure} with ${settings[setting]} (${code})`, {
      cause: error,
    });
  }
  // One connection that cannot be accepted, for want of memory for example, does not end the program.
  app.server.on('error', (err) => app.log.warn({ err }, 'cannot accept a connection'));
  return (app.server.address() as AddressInfo).port;
}
