import {
  activeWorkSchema,
  channelStatusSchema,
  drainObservationSchema,
  type Liveness,
  sharedTurnsSchema,
} from '@hermes/drain-contract';
import { z } from 'zod';

/** The query of a route about one profile. Strict: a misspelt `profile` must not mean the default one. */
export const profileQuerySchema = z.strictObject({
  profile: z.string().optional().describe('Name of the profile; `default` if omitted.'),
});

export const LIVENESS = ['live', 'frozen', 'died', 'stopped', 'unknown'] as const satisfies readonly Liveness[];

/** The fields that every view of a gateway has. */
export const gatewayFields = {
  gateway_state: z
    .string()
    .nullable()
    .describe(
      'State of the gateway; `stopped` or `startup_failed` when it is not live, `null` if it never reported one.',
    ),
  gateway_running: z.boolean().describe('Whether the gateway is live: its heartbeat is fresh, or its process runs.'),
  active_agents: z
    .number()
    .int()
    .nullable()
    .describe('Turns in flight: 0 when the gateway is not live, `null` when it does not report it.'),
  liveness: z
    .enum(LIVENESS)
    .describe(
      '`live`: its heartbeat is fresh. `frozen`: no heartbeat, but its process is there. `died`: its process is gone, and ' +
        'it did not say that it stops. `stopped`: it said so, or never came up. `unknown`: no heartbeat, and its process ' +
        'cannot be checked from here, or no state that can be read.',
    ),
  pid: z.number().int().nullable().describe('Process id of the current or last gateway process, in its own container.'),
  heartbeat_at: z.string().nullable().describe('The last heartbeat of the gateway.'),
  last_active_agents: z
    .number()
    .int()
    .nullable()
    .describe('Turns in flight at the last heartbeat; if the gateway has crashed, they were interrupted.'),
  shared_turns: sharedTurnsSchema
    .nullable()
    .describe(
      'For a live gateway that shares its turns: its name among the gateways, how many others there are, and how many of them ' +
        'start turns now (`takers`); else `null`.',
    ),
  channels: z
    .array(channelStatusSchema)
    .describe(
      'The channels of a live gateway. `idle`: it has sent nothing yet. `connecting`: not reached since the start. `connected`: ' +
        'its last contact worked. `failing`: the last one failed, and it tries again. `rejected`: its credentials are refused. ' +
        '`standby`: another gateway serves it. `waiting`: deliveries that are not sent yet; `given_up`: those that failed permanently.',
    ),
  problem: z
    .string()
    .nullable()
    .describe('Why the gateway has not started yet, or why it ended with an error, as it reported; else `null`.'),
};

export const drainAnswerSchema = drainObservationSchema
  .nullable()
  .describe('The drain as the live gateway reports it.');

export const expiredAtSchema = z
  .string()
  .nullable()
  .describe('When the drain of the remaining request expired; `null` if it has not expired or has no date.');

export const safeToStopSchema = z
  .boolean()
  .describe('The live gateway has acknowledged the drain in force within a heartbeat, and has no turn in flight.');

/** Answer of `GET /api/status`. */
export const statusSchema = z
  .object({
    profile: z.string(),
    ...gatewayFields,
    gateway_busy: z.boolean().describe('Running, with turns in flight or an unknown number of them.'),
    gateway_drainable: z.boolean().describe('Running.'),
    restart_drain_timeout: z.number().nullable().describe('Seconds that a shutdown waits for turns in flight.'),
    drain: drainAnswerSchema,
    active_work: z.array(activeWorkSchema).describe('The oldest turns in flight.'),
    safe_to_stop: safeToStopSchema,
  })
  .describe('The state of the gateway.');
export type StatusView = z.infer<typeof statusSchema>;
