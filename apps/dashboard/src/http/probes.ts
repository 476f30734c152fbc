import { ProblemError } from '@hermes/service-kit';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Credentials } from '../auth/credentials.ts';
import { checkHome } from '../config/home.ts';
import { problemResponses, problemSchema } from './problem-schema.ts';

const checksSchema = z.array(z.object({ name: z.string(), ok: z.boolean() })).optional();

export interface ProbeOptions {
  readonly home: string;
  readonly credentials: Pick<Credentials, 'problem'>;
}

/** `GET /livez` and `GET /readyz`, open to everybody. */
export const probeRoutes: FastifyPluginAsyncZod<ProbeOptions> = async (app, { home, credentials }) => {
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
      querystring: z.object({ verbose: z.string().optional().describe('Present: list the checks.') }),
      response: {
        200: z.object({ status: z.literal('ok'), checks: checksSchema }).describe('They can.'),
        ...problemResponses([503], problemSchema.extend({ checks: checksSchema })),
      },
    },
    handler: async (request) => {
      const checks = await checkHome(home);
      // Those that are known stay in force, so it is no reason to send clients elsewhere.
      const credentialsFile = { name: 'credentials_file', ok: credentials.problem === undefined };
      const told = request.query.verbose === undefined ? {} : { checks: [...checks, credentialsFile] };
      if (checks.every((check) => check.ok)) return { status: 'ok' as const, ...told };
      throw new ProblemError(503, 'not-ready', 'Not ready', 'The home directory cannot be used.', { extensions: told });
    },
  });
};
