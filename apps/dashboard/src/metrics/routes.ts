import type { FastifyInstance } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Metrics } from './metrics.ts';

/** The route needs no credential, so reading all files has to be bounded. */
const FRESH_MS = 500;

/** `GET /metrics`, for Prometheus. */
export const metricsRoutes: FastifyPluginAsyncZod<{ readonly metrics: Metrics }> = async (app, { metrics }) => {
  let last: { readonly at: number; readonly rendered: ReturnType<Metrics['render']> } | undefined;
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      summary: 'Metrics of the gateways and of the dashboard, for Prometheus',
      tags: ['probes'],
      response: { 200: { description: 'The current metrics.', content: { 'text/plain': { schema: z.string() } } } },
    },
    handler: async (_request, reply) => {
      const now = performance.now();
      if (last === undefined || now - last.at >= FRESH_MS) last = { at: now, rendered: metrics.render() };
      const { type, text } = await last.rendered;
      return reply.type(type).send(text);
    },
  });
};

/** Counts the requests of `api` that want a change. */
export function countRequests(api: FastifyInstance, metrics: Metrics): void {
  api.addHook('onResponse', async (request, reply) => {
    if (request.auditedAction !== null) metrics.answered(request.auditedAction, reply.statusCode);
  });
}
