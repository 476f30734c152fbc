import {
  LEAD_SECONDS,
  leadSecondsSchema,
  MAX_AGE_SECONDS,
  maxAgeSecondsSchema,
  reasonSchema,
  requestIdSchema,
} from '@hermes/drain-contract';
import { z } from 'zod';
import { problemSchema } from '../http/problem-schema.ts';
import {
  drainAnswerSchema,
  expiredAtSchema,
  gatewayFields,
  profileQuerySchema,
  safeToStopSchema,
} from '../status/schemas.ts';

export const MAX_WAIT_SECONDS = 300;
/** Proxies give up on an answer after 60 s of silence. */
export const LONGEST_POLL_SECONDS = 50;
const DEFAULT_WAIT_SECONDS = 30;

/** The body of a begin or cancel. Strict: a misspelt field must not silently mean its default. */
export const drainBodySchema = z.strictObject({
  action: z.enum(['drain', 'cancel']).default('drain').describe('An empty body begins a drain, too.'),
  suppress_notification: z.boolean().optional().describe('No broadcast to the home channels at shutdown.'),
  reason: reasonSchema.optional().describe('Why, for the people who will wonder.'),
  max_age_seconds: maxAgeSecondsSchema
    .optional()
    .describe(`When the drain lapses if nobody repeats it; ${MAX_AGE_SECONDS.default} when left out.`),
  profile: z.string().optional().describe('Name of the profile; `default` when left out.'),
  request_id: requestIdSchema
    .optional()
    .describe(
      'The id of the drain, a UUID of your choice: begin it, keep it alive or cancel it, and never another one.',
    ),
  lead_seconds: leadSecondsSchema
    .optional()
    .describe(
      `From ${LEAD_SECONDS.min} to ${LEAD_SECONDS.max}: a new drain is announced for so long. The gateway is not ready and still admits.`,
    ),
});
export type DrainBody = z.infer<typeof drainBodySchema>;

export const drainQuerySchema = profileQuerySchema.extend({
  until: z.literal('drained').optional().describe('Answer when it is safe to stop, or no drain is in force any more.'),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(DEFAULT_WAIT_SECONDS)
    .describe(
      `With \`until\`: answer after this many seconds in any case, and after ${LONGEST_POLL_SECONDS} however many; ask again then.`,
    ),
});

export const ifMatchSchema = z.object({
  'if-match': z.string().optional().describe('`"request_id"`: cancel only this drain. `*`: whatever is there.'),
});

export const beginHeadersSchema = z.object({
  'if-match': z.string().optional().describe('`"request_id"`: keep alive, or cancel, only this drain.'),
  'if-none-match': z.string().optional().describe('`*`: begin only if no drain is in force.'),
});

export const beganSchema = z
  .object({
    ok: z.literal(true),
    action: z.literal('drain'),
    request_id: z.string(),
    requested_at: z.string(),
    draining: z.literal(true),
    suppress_notification: z.boolean(),
    gateway_running: gatewayFields.gateway_running,
    refuse_after: z.string().optional().describe('From when on no new turn starts, where the begin has a lead.'),
  })
  .describe('The marker is written: no new turn starts, or none from `refuse_after` on.');

export const cancelledSchema = z
  .object({
    ok: z.literal(true),
    action: z.literal('cancel'),
    was_draining: z.boolean().describe('Whether a drain was in force.'),
  })
  .describe('The marker is gone.');

/** Answer of `GET /api/gateway/drain`. */
export const drainViewSchema = z
  .object({
    profile: z.string(),
    request_id: z.string().nullable(),
    requested_at: z.string().nullable(),
    principal: z.string().nullable(),
    reason: z.string().nullable(),
    suppress_notification: z.boolean(),
    expires_at: z.string().nullable().describe('When the drain in force lapses if nobody repeats it.'),
    expired_at: expiredAtSchema,
    refuse_after: z.string().nullable().describe('Until when the drain is, or was, only announced.'),
    verdict: z.object({
      active: z.boolean().describe('Whether a drain is in force.'),
      reason: z
        .string()
        .describe(
          'Why, in a word: `current`, `announced`, `absent`, `expired` and so on; `unavailable`: unknown, ask again.',
        ),
      code: z.string().nullable().describe('The errno of a marker that is `unreadable` or `unavailable`.'),
    }),
    gateway: z.object({ ...gatewayFields, drain: drainAnswerSchema }),
    safe_to_stop: safeToStopSchema,
  })
  .describe('The request, what it means, and what the gateway says to it.');
export type DrainView = z.infer<typeof drainViewSchema>;

/** Who asked for the drain in force. */
export const holderSchema = drainViewSchema.pick({
  request_id: true,
  principal: true,
  reason: true,
  requested_at: true,
});

export const mismatchSchema = problemSchema.extend({ holder: holderSchema });
