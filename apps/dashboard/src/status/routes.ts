import { DEFAULT_PROFILE, findProfile } from '@hermes/drain-contract';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { problemResponses } from '../http/problem-schema.ts';
import { readProfileStatus } from './read.ts';
import { profileQuerySchema, statusSchema } from './schemas.ts';
import { statusView } from './view.ts';

/** `GET /api/status`. */
export const statusRoutes: FastifyPluginAsyncZod<{ readonly home: string }> = async (api, { home }) => {
  api.route({
    method: 'GET',
    url: '/status',
    schema: {
      summary: 'The state of a gateway',
      tags: ['status'],
      querystring: profileQuerySchema,
      response: { 200: statusSchema, ...problemResponses([400, 401, 403, 404, 429]) },
    },
    handler: async (request) =>
      statusView(readProfileStatus(findProfile(request.query.profile ?? DEFAULT_PROFILE, { home }))),
  });
};
