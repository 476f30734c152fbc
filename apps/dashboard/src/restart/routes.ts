import { DEFAULT_PROFILE, findProfile, reasonSchema } from '@hermes/drain-contract';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses, problemSchema } from '../http/problem-schema.ts';
import { restartSchema } from '../profiles/schemas.ts';
import { statusSchema } from '../status/schemas.ts';
import type { Restarts } from './restarts.ts';

/** Strict: a misspelt `profile` must not mean the default one. */
const bodySchema = z.strictObject({
  profile: z.string().optional().describe('Name of the profile; `default` if omitted.'),
  force: z.boolean().default(false).describe('Restart even if this interrupts turns.'),
  keep_drain: z
    .boolean()
    .default(false)
    .describe('Whether the drain in force stays in force; otherwise it ends when the restarted gateway is ready.'),
  reason: reasonSchema.optional().describe('The reason, for the audit.'),
});

const acceptedSchema = z
  .object({
    ok: z.literal(true),
    profile: z.string(),
    restart: restartSchema.pick({ state: true, since: true }),
  })
  .describe('The restart has begun; the view of the profile shows its progress.');

const conflictSchema = problemSchema.extend({
  turns: statusSchema.pick({ active_agents: true, active_work: true }).optional().describe('The turns in flight.'),
});

export interface RestartRouteOptions {
  /** The root home. */
  readonly home: string;
  readonly restarts: Restarts;
}

/** `POST /api/gateway/restart`. */
export const restartRoutes: FastifyPluginAsyncZod<RestartRouteOptions> = async (api, { home, restarts }) => {
  api.route({
    method: 'POST',
    url: '/gateway/restart',
    config: { scope: 'restart', audit: 'restart' },
    schema: {
      summary: 'Restart a gateway that is safe to stop',
      tags: ['restart'],
      querystring: z.strictObject({}),
      body: bodySchema,
      response: {
        202: acceptedSchema,
        ...problemResponses([400, 401, 403, 404, 413, 429, 501, 503]),
        ...problemResponses([409], conflictSchema),
      },
    },
    handler: async (request, reply) => {
      const profile = findProfile(request.body.profile ?? DEFAULT_PROFILE, { home });
      const { force, keep_drain: keepDrain } = request.body;
      const { state, since } = await restarts.begin(profile, { force, keepDrain });
      request.log.info({ profile: profile.name, force }, 'restart begun');
      reply.code(202);
      return { ok: true as const, profile: profile.name, restart: { state, since } };
    },
  });
};
