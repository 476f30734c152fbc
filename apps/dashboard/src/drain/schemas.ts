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
/** Proxies time out after 60 s without data. */
export const LONGEST_POLL_SECONDS = 50;
const DEFAULT_WAIT_SECONDS = 30;

/** The body of a begin or cancel. Strict: a misspelt field must not silently mean its default. */
export const drainBodySchema = z.strictObject({
  action: z.enum(['drain', 'cancel']).default('drain').describe('An empty body also begins a drain.'),
  suppress_notification: z.boolean().optional().describe('The gateway sends no shutdown notice to the home channels.'),
  reason: reasonSchema.optional().describe('The reason, for other operators.'),
  max_age_seconds: maxAgeSecondsSchema
    .optional()
    .describe(`Seconds until the drain expires unless it is refreshed; ${MAX_AGE_SECONDS.default} by default.`),
  profile: z.string().optional().describe('Name of the profile; `default` if omitted.'),
  request_id: requestIdSchema
    .optional()
    .describe('The id of the drain, a UUID of your choice: begin, refresh or cancel this drain and no other.'),
  lead_seconds: leadSecondsSchema
    .optional()
    .describe(
      `From ${LEAD_SECONDS.min} to ${LEAD_SECONDS.max}: seconds for which a new drain is only announced: the gateway reports not ready and still accepts turns.`,
    ),
});
export type DrainBody = z.infer<typeof drainBodySchema>;

export const drainQuerySchema = profileQuerySchema.extend({
  until: z.literal('drained').optional().describe('Answer when it is safe to stop, or when no drain is in force.'),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(DEFAULT_WAIT_SECONDS)
    .describe(
      `With \`until\`: timeout in seconds. An answer never takes longer than ${LONGEST_POLL_SECONDS} s; then repeat the request.`,
    ),
});

export const ifMatchSchema = z.object({
  'if-match': z.string().optional().describe('`"request_id"`: cancel only this drain. `*`: cancel any drain.'),
});

export const beginHeadersSchema = z.object({
  'if-match': z.string().optional().describe('`"request_id"`: refresh or cancel only this drain.'),
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
    refuse_after: z
      .string()
      .optional()
      .describe('When the gateway begins to refuse new turns; only for a drain with `lead_seconds`.'),
    warning: z
      .string()
      .optional()
      .describe('What the gateway does not honour of the request; only for a gateway of the reference system.'),
  })
  .describe('The marker is written: no new turn starts, or no new turn starts after `refuse_after`.');

export const cancelledSchema = z
  .object({
    ok: z.literal(true),
    action: z.literal('cancel'),
    was_draining: z.boolean().describe('Whether a drain was in force.'),
  })
  .describe('The marker is removed.');

/** Answer of `GET /api/gateway/drain`. */
export const drainViewSchema = z
  .object({
    profile: z.string(),
    request_id: z.string().nullable(),
    requested_at: z.string().nullable(),
    principal: z.string().nullable(),
    reason: z.string().nullable(),
    suppress_notification: z.boolean(),
    expires_at: z.string().nullable().describe('When the drain in force expires unless it is refreshed.'),
    expired_at: expiredAtSchema,
    refuse_after: z
      .string()
      .nullable()
      .describe('The end of the announcement; the gateway refuses new turns from then on.'),
    verdict: z.object({
      active: z.boolean().describe('Whether a drain is in force.'),
      reason: z
        .string()
        .describe('The reason: `current`, `announced`, `absent`, `expired` and so on; `unavailable`: unknown, retry.'),
      code: z.string().nullable().describe('The errno of a marker that is `unreadable` or `unavailable`.'),
    }),
    gateway: z.object({ ...gatewayFields, drain: drainAnswerSchema }),
    safe_to_stop: safeToStopSchema,
  })
  .describe('The drain request, its verdict, and the answer of the gateway.');
export type DrainView = z.infer<typeof drainViewSchema>;

/** The requester of the drain in force. */
export const holderSchema = drainViewSchema.pick({
  request_id: true,
  principal: true,
  reason: true,
  requested_at: true,
});

export const mismatchSchema = problemSchema.extend({ holder: holderSchema });
