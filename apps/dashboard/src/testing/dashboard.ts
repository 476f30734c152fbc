import type { AddressInfo } from 'node:net';
import { createLogger } from '@hermes/service-kit';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';
import { DrainWaits } from '../drain/wait.ts';
import { buildServer } from '../http/server.ts';
import { ProfileWatches } from '../status/watch.ts';
import { temporaryHome } from './home.ts';

export const SECRET = 'GoodSecret-0123456789-abcdefghijklmnopqrstuvwxyz';
export const AUTHORIZED = { authorization: `Bearer ${SECRET}` };

export interface TestDashboard {
  readonly app: FastifyInstance;
  readonly home: string;
  readonly watches: ProfileWatches;
  readonly waits: DrainWaits;
  /** Asks with the right secret, unless `headers` has another one. */
  ask(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Listens on a free port of the loopback address. @returns the base URL. */
  listen(): Promise<string>;
}

/** A dashboard on a home of its own; closed when the test is over. */
export async function testDashboard(options: { home?: string; maxWaiters?: number } = {}): Promise<TestDashboard> {
  const home = options.home ?? temporaryHome();
  const watches = new ProfileWatches();
  const waits = new DrainWaits(watches, options.maxWaiters);
  const app = await buildServer({ home, secret: SECRET, logger: createLogger('test', 'silent'), waits });
  onTestFinished(async () => {
    await app.close();
  });
  return {
    app,
    home,
    watches,
    waits,
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
