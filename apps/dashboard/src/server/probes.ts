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

/** `GET /livez` and `GET /readyz`, open to everybody. */
export const probeRoutes: FastifyPluginAsyncZod<ProbeRouteOptions> = async (app, options) => {
  const { home, audit, credentials } = options;
  app.route({
    method: 'GET',
    url: '/livez',
    exposeHeadRoute: true,
    schema: {
      summary: 'Whether this program is alive',
      tags: ['probes'],
      response: { 200: z.object({ status: z.literal('ok') }).describe('It is.') },
    },
    handler: async () => ({ status: 'ok' as const }),
  });
  app.route({
    method: 'GET',
    url: '/readyz',
    exposeHeadRoute: true,
    schema: {
      summary: 'Whether the home directory can be listed and written',
      tags: ['probes'],
      querystring: z.object({
        verbose: z.string().optional().describe('Present: list the checks. "audit_whole" alone does not decide.'),
      }),
      response: {
        200: z.object({ status: z.literal('ok'), checks: checksSchema }).describe('They can.'),
        ...problemResponses([503], problemSchema.extend({ checks: checksSchema })),
      },
    },
    handler: async (request) => {
      const checks = await checkHome(home);
      // Shown only: neither is a reason to send clients elsewhere. Who can spoil the audit must not be able to take the
      // dashboard away, and the credentials that are known stay in force.
      const shown = [
        ...checks,
        { name: 'audit_whole', ok: !audit.isBroken },
        { name: 'credentials_file', ok: credentials.problem === undefined },
      ];
      const told = request.query.verbose === undefined ? {} : { checks: shown };
      if (checks.every((check) => check.ok)) return { status: 'ok' as const, ...told };
      throw new ProblemError(503, 'not-ready', 'Not ready', 'The home directory cannot be used.', { extensions: told });
    },
  });
};
