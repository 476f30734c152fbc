import { activeWorkSchema, drainObservationSchema } from '@hermes/drain-contract';
import { z } from 'zod';

/** The query of a route about one profile. Strict: a misspelt `profile` must not mean the default one. */
export const profileQuerySchema = z.strictObject({
  profile: z.string().optional().describe('Name of the profile; `default` when left out.'),
});

/** The fields that every view of a gateway has. */
export const gatewayFields = {
  gateway_state: z
    .string()
    .nullable()
    .describe('State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never said any.'),
  gateway_running: z
    .boolean()
    .describe('Whether the gateway is live: its heartbeat is fresh, or its process is seen to run.'),
  active_agents: z
    .number()
    .int()
    .nullable()
    .describe('Turns in flight: 0 when the gateway is not live, `null` when it does not say.'),
};

export const drainAnswerSchema = drainObservationSchema
  .nullable()
  .describe("The live gateway's own account of the drain it is in.");

export const safeToStopSchema = z
  .boolean()
  .describe('The live gateway has answered the drain in force, within a heartbeat, and has no turn in flight.');

/** Answer of `GET /api/status`. */
export const statusSchema = z
  .object({
    profile: z.string(),
    ...gatewayFields,
    gateway_busy: z.boolean().describe('Running, with turns in flight or not saying how many.'),
    gateway_drainable: z.boolean().describe('Running.'),
    restart_drain_timeout: z.number().nullable().describe('Seconds that a shutdown waits for turns in flight.'),
    drain: drainAnswerSchema,
    active_work: z.array(activeWorkSchema).describe('The oldest turns in flight.'),
    safe_to_stop: safeToStopSchema,
  })
  .describe('What the gateway is doing.');
export type StatusView = z.infer<typeof statusSchema>;
