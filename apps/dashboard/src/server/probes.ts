import { ProblemError } from '@hermes/service-kit/http';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Credentials } from '../auth/credentials.ts';
import { checkHome } from '../config/home.ts';
import { problemResponses, problemSchema } from '../http/problem-schema.ts';

const checksSchema = z.array(z.object({ name: z.string(), ok: z.boolean() })).optional();

export interface ProbeRouteOptions {
  /** The root home. */
  readonly home: string;
  readonly audit: { readonly isBroken: boolean };
  readonly credentials: Pick<Credentials, 'problem'>;
}

/** `GET /livez` and `GET /readyz`, without a credential. */
export const probeRoutes: FastifyPluginAsyncZod<ProbeRouteOptions> = async (app, options) => {
  const { home, audit, credentials } = options;
  app.route({
    method: 'GET',
    url: '/livez',
    exposeHeadRoute: true,
    schema: {
      summary: 'Liveness of the dashboard',
      tags: ['probes'],
      response: { 200: z.object({ status: z.literal('ok') }).describe('The dashboard is alive.') },
    },
    handler: async () => ({ status: 'ok' as const }),
  });
  app.route({
    method: 'GET',
    url: '/readyz',
    exposeHeadRoute: true,
    schema: {
      summary: 'Readiness: whether the home directory can be listed and written',
      tags: ['probes'],
      querystring: z.object({
        verbose: z
          .string()
          .optional()
          .describe('If present, list the checks. The check "audit_whole" does not affect readiness.'),
      }),
      response: {
        200: z
          .object({ status: z.literal('ok'), checks: checksSchema })
          .describe('The home directory can be listed and written.'),
        ...problemResponses([503], problemSchema.extend({ checks: checksSchema })),
      },
    },
    handler: async (request) => {
      const checks = await checkHome(home);
      // Shown only: neither affects readiness. A client that can corrupt the audit must not be able to take the
      // dashboard away, and the credentials that are known stay in force.
      const shown = [
        ...checks,
        { name: 'audit_whole', ok: !audit.isBroken },
        { name: 'credentials_file', ok: credentials.problem === undefined },
      ];
      const details = request.query.verbose === undefined ? {} : { checks: shown };
      if (checks.every((check) => check.ok)) return { status: 'ok' as const, ...details };
      throw new ProblemError(
        503,
        'not-ready',
        'Not ready',
        'Expected a home directory that can be listed and written; found otherwise. GET /readyz?verbose lists the checks.',
        { extensions: details },
      );
    },
  });
};
