import type { ChannelStatus } from '@hermes/drain-contract';
import type { FastifyInstance } from 'fastify';
import { type Readiness, readinessStatus } from '../drainable/readiness.ts';

/** The data for the probes. */
export interface ProbeReadings extends Readiness {
  readonly queued: number;
  readonly channels: readonly ChannelStatus[];
}

/** `/livez`: the process answers. `/readyz`: it accepts new turns; with `?verbose`, the reason if not. */
export function probeRoutes(app: FastifyInstance, read: () => ProbeReadings): void {
  app.get('/livez', async () => ({ status: 'ok', pid: process.pid }));
  app.get<{ Querystring: { verbose?: string } }>('/readyz', async (request, reply) => {
    const readings = read();
    const status = readinessStatus(readings);
    const verbose = request.query.verbose === undefined ? {} : figuresOf(readings);
    return reply.code(status === 'ok' ? 200 : 503).send({ status, ...verbose });
  });
}

function figuresOf({ state, active, queued, storageProblem, channels }: ProbeReadings): object {
  const problem = storageProblem === undefined ? {} : { storage_problem: storageProblem };
  return { gateway_state: state, active_agents: active, queued_turns: queued, ...problem, channels };
}
