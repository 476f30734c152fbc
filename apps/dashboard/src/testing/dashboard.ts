import type { AddressInfo } from 'node:net';
import { createLogger } from '@hermes/service-kit';
import { SECRET } from '@hermes/test-kit';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';
import { Credentials, type NamedSecret, SCOPES } from '../auth/credentials.ts';
import type { DrainWaits } from '../drain/wait.ts';
import { buildServer, type ServerOptions } from '../server/server.ts';
import { createServices, type Services, type ServicesOptions } from '../server/services.ts';
import type { ProfileWatches } from '../status/watch.ts';
import { temporaryHome } from './home.ts';

export { SECRET };
export const AUTHORIZED = { authorization: `Bearer ${SECRET}` };

export interface TestDashboard {
  readonly app: FastifyInstance;
  readonly home: string;
  readonly watches: ProfileWatches;
  readonly waits: DrainWaits;
  readonly services: Services;
  readonly credentials: Credentials;
  /** Asks with the right secret, unless `headers` has another one. */
  ask(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Listens on a free port of the loopback address. @returns the base URL. */
  listen(): Promise<string>;
}

export interface TestDashboardOptions extends Partial<Omit<ServicesOptions, 'logger'>> {
  /** Beside the secret of all tests. */
  readonly named?: readonly NamedSecret[];
  readonly server?: Pick<ServerOptions, 'hosts' | 'times' | 'trustedProxies'>;
}

/** A dashboard on a home of its own; closed when the test is over. */
export async function testDashboard(options: TestDashboardOptions = {}): Promise<TestDashboard> {
  const { named = [], server, home = temporaryHome(), ...rest } = options;
  const logger = createLogger('test', 'silent');
  const services = createServices({ ...rest, home, logger });
  const { watches, waits } = services;
  const credentials = new Credentials([{ name: 'dashboard', secret: SECRET, scopes: SCOPES }, ...named]);
  const app = await buildServer({ credentials, logger, services, ...server });
  onTestFinished(async () => {
    await app.close();
  });
  return {
    app,
    home,
    watches,
    waits,
    services,
    credentials,
    ask: async (request) => app.inject({ ...request, headers: { ...AUTHORIZED, ...request.headers } }),
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
  };
}

/** The problem in `response`, which must be one. */
export function problemOf(response: LightMyRequestResponse): Record<string, unknown> {
  const type = response.headers['content-type'];
  if (!String(type).startsWith('application/problem+json')) throw new Error(`expected a problem, found ${type}`);
  return response.json();
}
