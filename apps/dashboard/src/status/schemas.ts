import { activeWorkSchema, drainObservationSchema, type Liveness } from '@hermes/drain-contract';
import { z } from 'zod';

/** The query of a route about one profile. Strict: a misspelt `profile` must not mean the default one. */
export const profileQuerySchema = z.strictObject({
  profile: z.string().optional().describe('Name of the profile; `default` when left out.'),
});

export const LIVENESS = ['live', 'frozen', 'died', 'stopped', 'unknown'] as const satisfies readonly Liveness[];

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
  liveness: z
    .enum(LIVENESS)
    .describe(
      '`live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and ' +
        'it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process ' +
        'cannot be seen from here, or no state that can be read.',
    ),
  pid: z.number().int().nullable().describe('Id of its process, or of the last one, in its own container.'),
  heartbeat_at: z.string().nullable().describe('When the gateway last said anything.'),
  last_active_agents: z
    .number()
    .int()
    .nullable()
    .describe('Turns in flight when it last said anything; those of a gateway that died were cut off.'),
};

export const drainAnswerSchema = drainObservationSchema
  .nullable()
  .describe("The live gateway's own account of the drain it is in.");

export const expiredAtSchema = z
  .string()
  .nullable()
  .describe('When the drain expired whose request is still there; `null` when it has not, or has no date.');

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
