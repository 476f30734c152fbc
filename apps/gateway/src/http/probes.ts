import type { LifecycleState } from '@hermes/drain-contract';
import type { FastifyInstance } from 'fastify';

/** What the probes tell. */
export interface ProbeReadings {
  readonly state: LifecycleState;
  readonly active: number;
  readonly waiting: number;
}

/** `/livez`: the process answers. `/readyz`: it takes new turns; `?verbose` tells why not. */
export function probeRoutes(app: FastifyInstance, read: () => ProbeReadings): void {
  app.get('/livez', async () => ({ status: 'ok', pid: process.pid }));
  app.get<{ Querystring: { verbose?: string } }>('/readyz', async (request, reply) => {
    const { state, active, waiting } = read();
    const ready = state === 'running';
    const verbose = request.query.verbose === undefined ? {} : { gateway_state: state, active_agents: active, waiting };
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : state, ...verbose });
  });
}
