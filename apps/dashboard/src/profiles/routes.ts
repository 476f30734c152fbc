import { listProfiles, type Profile, readDesiredState } from '@hermes/drain-contract';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses } from '../http/problem-schema.ts';
import { readProfileStatus } from '../status/read.ts';
import { gatewayFields, safeToStopSchema } from '../status/schemas.ts';
import { gatewayView } from '../status/view.ts';

const profileSummarySchema = z.object({
  name: z.string(),
  ...gatewayFields,
  desired_state: z.enum(['running', 'stopped']).nullable().describe('What the operator wants; `null` if never told.'),
  draining: z.boolean().describe('Whether a drain is in force.'),
  safe_to_stop: safeToStopSchema,
});

/** `GET /api/profiles`. */
export const profileRoutes: FastifyPluginAsyncZod<{ readonly home: string }> = async (api, { home }) => {
  api.route({
    method: 'GET',
    url: '/profiles',
    schema: {
      summary: 'Every profile, `default` first',
      tags: ['status'],
      querystring: z.strictObject({}),
      response: {
        200: z.object({ profiles: z.array(profileSummarySchema) }).describe('Every profile.'),
        ...problemResponses([400, 401, 429]),
      },
    },
    handler: async () => ({ profiles: listProfiles({ home }).map(summarize) }),
  });
};

function summarize(profile: Profile): z.infer<typeof profileSummarySchema> {
  const { gateway, verdict, safeToStop } = readProfileStatus(profile);
  return {
    name: profile.name,
    ...gatewayView(gateway),
    desired_state: readDesiredState({ home: profile.home })?.desired_state ?? null,
    draining: verdict.active,
    safe_to_stop: safeToStop,
  };
}
