import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses } from '../http/problem-schema.ts';
import type { ProfileReader } from './read.ts';
import { profileViewSchema } from './schemas.ts';

/** `GET /api/profiles`. */
export const profileRoutes: FastifyPluginAsyncZod<{ readonly profiles: ProfileReader }> = async (api, { profiles }) => {
  api.route({
    method: 'GET',
    url: '/profiles',
    schema: {
      summary: 'All profiles, `default` first',
      tags: ['status'],
      querystring: z.strictObject({}),
      response: {
        200: z.object({ profiles: z.array(profileViewSchema) }).describe('All profiles.'),
        ...problemResponses([400, 401, 403, 429]),
      },
    },
    handler: async () => ({ profiles: await profiles.readAll() }),
  });
};
