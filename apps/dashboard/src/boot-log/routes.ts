import { readBootLog } from '@hermes/s6-reconciler';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses } from '../http/problem-schema.ts';
import { profileQuerySchema } from '../status/schemas.ts';

const MAX_ENTRIES = 1_000;
const DEFAULT_ENTRIES = 100;

const querySchema = profileQuerySchema.extend({
  profile: z.string().optional().describe('Only entries of this profile.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_ENTRIES)
    .default(DEFAULT_ENTRIES)
    .describe('Maximum number of entries.'),
});

const entrySchema = z.object({
  at: z.string(),
  profile: z.string(),
  prior_state: z
    .string()
    .nullable()
    .describe('Last reported state of the gateway before the boot; `null` if there is none.'),
  action: z.string().describe('`started`, `registered`, `skipped` and so on.'),
  prior_exit: z
    .string()
    .nullable()
    .describe('How the last process of the gateway ended, as it reported; `null` if it did not.'),
  desired: z
    .string()
    .nullable()
    .describe('The recorded desired state: `running`, `stopped`, or `null` if it was never set.'),
  reason: z.string().nullable().describe('The reason for the action, or why the profile was skipped.'),
});

/** `GET /api/boot-log`. */
export const bootLogRoutes: FastifyPluginAsyncZod<{ readonly home: string }> = async (api, { home }) => {
  api.route({
    method: 'GET',
    url: '/boot-log',
    schema: {
      summary: 'The actions of the last boots for each gateway, newest first',
      tags: ['status'],
      querystring: querySchema,
      response: {
        200: z.object({ entries: z.array(entrySchema) }).describe('The entries of the last boots.'),
        ...problemResponses([400, 401, 403, 429]),
      },
    },
    handler: async ({ query: { profile, limit } }) => ({
      entries: readBootLog({ home, profile, limit }).reverse(),
    }),
  });
};
