import { DEFAULT_PROFILE, findProfile } from '@hermes/drain-contract';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses } from '../http/problem-schema.ts';
import { profileQuerySchema } from '../status/schemas.ts';
import type { InFlightHistory } from './history.ts';

const answerSchema = z
  .object({
    profile: z.string(),
    samples: z
      .array(z.tuple([z.number().int(), z.number().int().nullable()]))
      .describe('Unix ms, and the turns in flight from then on; `null` if unknown.'),
  })
  .describe('The last ten minutes, as far as this dashboard has observed them.');

export interface InFlightRouteOptions {
  /** The root home. */
  readonly home: string;
  readonly history: InFlightHistory;
}

/** `GET /api/in-flight`. */
export const inFlightRoutes: FastifyPluginAsyncZod<InFlightRouteOptions> = async (api, { home, history }) => {
  api.route({
    method: 'GET',
    url: '/in-flight',
    schema: {
      summary: 'Turns in flight over the last ten minutes',
      tags: ['status'],
      querystring: profileQuerySchema,
      response: { 200: answerSchema, ...problemResponses([400, 401, 403, 404, 429]) },
    },
    handler: async (request) => {
      const { name } = findProfile(request.query.profile ?? DEFAULT_PROFILE, { home });
      return { profile: name, samples: history.of(name).map(([at, turns]): [number, number | null] => [at, turns]) };
    },
  });
};
