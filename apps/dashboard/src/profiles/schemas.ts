import { activeWorkSchema, SERVICE_STATES } from '@hermes/drain-contract';
import { z } from 'zod';
import { drainAnswerSchema, expiredAtSchema, gatewayFields, safeToStopSchema } from '../status/schemas.ts';

/** A gateway's service as its manager sees it. */
export const serviceSchema = z.object({
  state: z.enum(SERVICE_STATES),
  ready: z.boolean().describe('The gateway has reported that it is ready.'),
  pid: z.number().int().nullable(),
  seconds: z.number().describe('Seconds in this state.'),
  exit_code: z.number().int().nullable(),
  signal: z.string().nullable(),
});
export type ServiceView = z.infer<typeof serviceSchema>;

/** The restart in flight, or the last one. */
export const restartSchema = z.object({
  state: z.enum(['stopping', 'starting', 'ready', 'failed']),
  since: z.string().describe('When it entered this state.'),
  error: z.string().nullable(),
});
export type RestartView = z.infer<typeof restartSchema>;

const requestSchema = z.object({
  identity: z
    .string()
    .nullable()
    .describe(
      'Identity of the drain: constant across refreshes, also for a marker without an id; `null` without a drain.',
    ),
  request_id: z.string().nullable(),
  principal: z.string().nullable(),
  reason: z.string().nullable(),
  requested_at: z.string().nullable(),
  expires_at: z.string().nullable().describe('When the drain in force expires unless it is refreshed.'),
  expired_at: expiredAtSchema,
  refuse_after: z
    .string()
    .nullable()
    .describe('The end of the announcement; the gateway refuses new turns from then on.'),
  suppress_notification: z.boolean(),
  verdict: z.object({
    active: z.boolean().describe('Whether a drain is in force.'),
    reason: z
      .string()
      .describe('The reason: `current`, `announced`, `expired` and so on; `unavailable`: unknown, retry.'),
  }),
});

/** The full view of one profile: an item of `GET /api/profiles`, and the data of events. */
export const profileViewSchema = z
  .object({
    name: z.string(),
    ...gatewayFields,
    gateway_busy: z.boolean().describe('Running, with turns in flight or an unknown number of them.'),
    gateway_drainable: z.boolean().describe('Running.'),
    stalled: z.boolean().describe('A turn in flight has made no progress for longer than its gateway allows.'),
    started_at: z.string().nullable().describe('When the live gateway started.'),
    version: z.string().nullable(),
    endpoint: z.string().nullable().describe("Base URL of the live gateway's own API."),
    restart_drain_timeout: z.number().nullable().describe('Seconds that a shutdown waits for turns in flight.'),
    active_work: z.array(activeWorkSchema).describe('The oldest turns in flight.'),
    queued_turns: z
      .number()
      .int()
      .nullable()
      .describe('Messages accepted and not started; `null` if the gateway does not report it.'),
    refused_turns: z
      .number()
      .int()
      .nullable()
      .describe('Messages refused during this drain; `null` if the gateway does not report it.'),
    desired_state: z.enum(['running', 'stopped']).nullable().describe('The desired state; `null` if it was never set.'),
    draining: z.boolean().describe('Whether a drain is in force.'),
    safe_to_stop: safeToStopSchema,
    request: requestSchema.nullable().describe('The marker and its verdict; `null` without a marker.'),
    drain: drainAnswerSchema,
    slot: serviceSchema.nullable().describe('The service of the gateway; `null` where no service manager runs.'),
    restart: restartSchema.nullable().describe('The restart in flight, or the last one that this dashboard started.'),
  })
  .describe('The current view of a profile.');
export type ProfileView = z.infer<typeof profileViewSchema>;
