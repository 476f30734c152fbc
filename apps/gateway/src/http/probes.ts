import type { ChannelStatus, LifecycleState } from '@hermes/drain-contract';
import type { FastifyInstance } from 'fastify';

/** The data for the probes. */
export interface ProbeReadings {
  readonly state: LifecycleState;
  readonly active: number;
  readonly queued: number;
  /** Whether a drain is announced: turns are still admitted, but load balancers should send no new ones. */
  readonly isAnnounced: boolean;
  /** Why the gateway cannot read or write what it needs, if so. */
  readonly storageProblem: string | undefined;
  readonly channels: readonly ChannelStatus[];
}

/** `/livez`: the process answers. `/readyz`: it accepts new turns; with `?verbose`, the reason if not. */
export function probeRoutes(app: FastifyInstance, read: () => ProbeReadings): void {
  app.get('/livez', async () => ({ status: 'ok', pid: process.pid }));
  app.get<{ Querystring: { verbose?: string } }>('/readyz', async (request, reply) => {
    const readings = read();
    const status = statusOf(readings);
    const verbose = request.query.verbose === undefined ? {} : figuresOf(readings);
    return reply.code(status === 'ok' ? 200 : 503).send({ status, ...verbose });
  });
}

function statusOf({ state, storageProblem, isAnnounced }: ProbeReadings): string {
  if (state !== 'running') return state;
  if (storageProblem !== undefined) return 'storage-unavailable';
  return isAnnounced ? 'announced' : 'ok';
}

function figuresOf({ state, active, queued, storageProblem, channels }: ProbeReadings): object {
  const problem = storageProblem === undefined ? {} : { storage_problem: storageProblem };
  return { gateway_state: state, active_agents: active, queued_turns: queued, ...problem, channels };
}
