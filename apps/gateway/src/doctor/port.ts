import { once } from 'node:events';
import { createServer } from 'node:net';
import { observeGateway } from '@hermes/drain-contract';
import { type Finding, fault, fine, reasonOf } from '@hermes/s6-reconciler';
import { baseUrl } from '@hermes/service-kit';
import type { GatewayConfig } from '../config/schema.ts';

const ANOTHER = 'or choose another port: export API_SERVER_PORT=8650';

/** Whether the gateway of `home` can listen at the configured address, or does already. */
export async function checkPort(home: string, { api_server: { host, port } }: GatewayConfig): Promise<Finding> {
  const url = baseUrl(host, port);
  const code = await whyNotListening(host, port);
  if (code === undefined) return fine(port === 0 ? 'any free port' : `${url} is free`);
  if (code === 'EADDRINUSE') {
    const { live, state } = observeGateway({ home });
    if (live && state?.endpoint === url) return fine(`${url} is held by the gateway of this home (pid ${state.pid})`);
    return fault(`another program listens on ${url}`, `see which one: ss -ltnp sport = :${port}; stop it, ${ANOTHER}`);
  }
  if (code === 'EACCES') return fault(`this user may not listen on ${url}`, `use a port from 1024, ${ANOTHER}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return fault(`this machine has no address ${host} (${code})`, 'export API_SERVER_HOST=127.0.0.1');
  return fault(`cannot listen on ${url}: ${code}`, null);
}

async function whyNotListening(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    server.close();
  }
}
