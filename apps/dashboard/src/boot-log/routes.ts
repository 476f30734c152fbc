import { readBootLog } from '@hermes/s6-reconciler';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses } from '../http/problem-schema.ts';
import { profileQuerySchema } from '../status/schemas.ts';

const MAX_ENTRIES = 1_000;
const DEFAULT_ENTRIES = 100;

const querySchema = profileQuerySchema.extend({
  profile: z.string().optional().describe('Only what was done about this profile.'),
  limit: z.coerce.number().int().min(1).max(MAX_ENTRIES).default(DEFAULT_ENTRIES).describe('So many at most.'),
});

const entrySchema = z.object({
  at: z.string(),
  profile: z.string(),
  prior_state: z.string().nullable().describe('What the gateway was before; `null` if it never said.'),
  action: z.string().describe('`started`, `registered`, `skipped` and so on.'),
  desired: z.string().nullable().describe('The desired state in a file: `running`, `stopped`, or `null` without one.'),
  reason: z.string().nullable().describe('What decided, or why the profile was skipped.'),
});

/** `GET /api/boot-log`. */
export const bootLogRoutes: FastifyPluginAsyncZod<{ readonly home: string }> = async (api, { home }) => {
  api.route({
    method: 'GET',
    url: '/boot-log',
    schema: {
      summary: 'What the last boots did about the gateways, newest first',
      tags: ['status'],
      querystring: querySchema,
      response: {
        200: z.object({ entries: z.array(entrySchema) }).describe('The last boots.'),
        ...problemResponses([400, 401, 403, 429]),
      },
    },
    handler: async ({ query: { profile, limit } }) => ({
      entries: readBootLog({ home, profile, limit }).reverse(),
    }),
  });
};
