import { z } from 'zod';
import { formatIsoDateTime } from '../time.ts';

/** The states of a gateway's life. */
export const LIFECYCLE_STATES = ['starting', 'running', 'draining', 'stopping', 'stopped', 'startup_failed'] as const;

/** One of the states of a gateway's life. */
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/** At most this many turns are listed, the oldest first. */
export const MAX_ACTIVE_WORK = 20;

/** The check of a turn in flight. */
export const activeWorkSchema = z.object({
  id: z.string(),
  kind: z.string(),
  session: z.string(),
  started_at: z.string(),
  last_progress_at: z.string(),
  /** Whether it has been silent for longer than its gateway allows. */
  stalled: z.boolean().default(false),
});

/** A turn in flight. Times are ISO 8601. */
export type ActiveWork = z.infer<typeof activeWorkSchema>;

/** The check of a gateway's own account of a drain. */
export const drainObservationSchema = z.object({
  /** Which drain it is, as `drainIdentity` has it; older releases do not say. */
  identity: z.string().exactOptional(),
  request_id: z.string().nullable(),
  principal: z.string().nullable(),
  reason: z.string().nullable(),
  requested_at: z.string().nullable(),
  /** When the gateway noticed. */
  observed_at: z.string(),
  /** When the last turn in flight ended; `null` while there is one. */
  drained_at: z.string().nullable(),
});

/** The gateway's own account of the drain it is in. Times are ISO 8601. */
export type DrainObservation = z.infer<typeof drainObservationSchema>;

/** The check of an account of an end. */
export const gatewayExitSchema = z.object({
  at: z.string(),
  /** The signal it died by, or `null`. */
  signal: z.string().nullable(),
  /** Its exit status, or `null` when it died by a signal. */
  code: z.number().int().nullable(),
  reason: z.string(),
  /** Turns that were cut off. */
  interrupted: z.number().int().nonnegative(),
  /** Turns that ended and whose end could not be stored: the next process runs them again, or reports them as interrupted. */
  unstored: z.number().int().nonnegative().optional(),
});

/** How the last process of this gateway ended, and when (ISO 8601). */
export type GatewayExit = z.infer<typeof gatewayExitSchema>;

/** The check of what a gateway says of the gateways that share its turns. */
export const sharedTurnsSchema = z.object({
  /** What the others call it. */
  name: z.string(),
  /** The other gateways. */
  others: z.number().int().nonnegative(),
  /** Those of them that start turns now. */
  takers: z.number().int().nonnegative(),
});

/** What a gateway says of the gateways that share its turns. */
export type SharedTurns = z.infer<typeof sharedTurnsSchema>;

/**
 * What a channel says of itself. `idle`: it has sent nothing yet. `connecting`: it has not reached the other side since it
 * started. `connected`: its last contact worked. `failing`: the last one failed, and it tries again. `rejected`: its
 * credentials are refused, so a person has to act. `standby`: another gateway serves it.
 */
export const CHANNEL_STATES = ['idle', 'connecting', 'connected', 'failing', 'rejected', 'standby'] as const;
/** A state of a channel. */
export type ChannelState = (typeof CHANNEL_STATES)[number];

/** The check of what a gateway says of a channel. */
export const channelStatusSchema = z.object({
  name: z.string(),
  /** One of {@link CHANNEL_STATES}; a later gateway may know others. */
  state: z.string(),
  /** Since when, ISO 8601. */
  since: z.string(),
  /** Why it fails or is rejected. */
  problem: z.string().nullable(),
  /** Deliveries that are not sent yet. */
  waiting: z.number().int().nonnegative(),
  /** Deliveries that have failed for good, as long as they are kept. */
  given_up: z.number().int().nonnegative(),
});

/** What a gateway says of a channel. */
export type ChannelStatus = z.infer<typeof channelStatusSchema>;

/** The check of a state that is about to be written. */
export const gatewayStateSchema = z.object({
  gateway_state: z.enum(LIFECYCLE_STATES),
  /** Turns in flight. */
  active_agents: z.number().int().nonnegative(),
  active_work: z.array(activeWorkSchema).max(MAX_ACTIVE_WORK),
  drain: drainObservationSchema.nullable(),
  pid: z.number().int().positive(),
  epoch: z.string(),
  /** Base URL of its API, or `null` before it listens. */
  endpoint: z.string().nullable(),
  started_at: z.string(),
  /** Heartbeat. */
  updated_at: z.string(),
  /** Seconds that a shutdown waits for turns in flight. */
  restart_drain_timeout: z.number().nonnegative(),
  exit: gatewayExitSchema.nullable(),
  version: z.string(),
  /** While it starts, what is in its way and tried again. */
  start_problem: z.string().exactOptional(),
  /** Messages that are stored and have not started. */
  queued_turns: z.number().int().nonnegative().exactOptional(),
  /** Messages refused since this process noticed the drain it is in; 0 outside one. */
  refused_turns: z.number().int().nonnegative().exactOptional(),
  /** The gateways that share its turns, if it does not have its journal for itself. */
  shared_turns: sharedTurnsSchema.exactOptional(),
  /** The channels that it is configured for. */
  channels: z.array(channelStatusSchema).exactOptional(),
  /** Seconds from the signal that stops it to its end at most, `restart_drain_timeout` included. */
  stop_timeout: z.number().nonnegative().exactOptional(),
  /** Seconds that a turn may take at most. */
  turn_timeout: z.number().nonnegative().exactOptional(),
  /** The desired state that the reference system left in this file; a gateway keeps it as it found it. */
  desired_state: z.string().exactOptional(),
  /** Start time of the process in clock ticks since boot, field 22 of `/proc/PID/stat`: tells it from a later one of the same id. */
  start_time: z.number().int().nonnegative().exactOptional(),
});

/** `gateway_state.json` as a gateway writes it. Times are ISO 8601. */
export type GatewayState = z.infer<typeof gatewayStateSchema>;

/** Writers of the reference system may have a text of digits here. */
function turnCount(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** Old writers of the reference system have Unix seconds here. */
function isoTime(value: unknown): unknown {
  return typeof value === 'number' && value > 1e9 && value < 1e11 ? formatIsoDateTime(value * 1_000) : value;
}

/** The reference system's entries have no id and few of the other fields: they are turns all the same. */
function identified(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const turns = value.filter((turn) => typeof turn === 'object' && turn !== null);
  return turns.slice(0, MAX_ACTIVE_WORK).map(({ kind = 'unknown', ...fields }, index) => {
    return { id: `${kind}-${index + 1}`, kind, session: 'unknown', started_at: '', last_progress_at: '', ...fields };
  });
}

const UNCLEAR_WORK: ActiveWork = {
  id: 'unclear',
  kind: 'unknown',
  session: 'unknown',
  started_at: '',
  last_progress_at: '',
  stalled: false,
};

/** The forgiving check of a state that is read: it accepts any JSON object. */
export const gatewayStateViewSchema = z.object({
  gateway_state: z.string().nullable().catch(null),
  /** `null` when the file does not say: unknown, which is never safe. */
  active_agents: z.preprocess(turnCount, z.number().int().nonnegative().nullable().catch(null)),
  active_work: z.preprocess(identified, z.array(activeWorkSchema.catch(UNCLEAR_WORK)).catch([])),
  drain: drainObservationSchema.nullable().catch(null),
  pid: z.number().int().positive().nullable().catch(null),
  epoch: z.string().catch(''),
  endpoint: z.string().nullable().catch(null),
  started_at: z.string().nullable().catch(null),
  updated_at: z.preprocess(isoTime, z.string().nullable().catch(null)),
  restart_drain_timeout: z.number().nonnegative().nullable().catch(null),
  exit: gatewayExitSchema.nullable().catch(null),
  version: z.string().nullable().catch(null),
  start_problem: z.string().nullable().catch(null),
  queued_turns: z.number().int().nonnegative().nullable().catch(null),
  refused_turns: z.number().int().nonnegative().nullable().catch(null),
  shared_turns: sharedTurnsSchema.nullable().catch(null),
  channels: z.array(channelStatusSchema).catch([]),
  stop_timeout: z.number().nonnegative().nullable().catch(null),
  turn_timeout: z.number().nonnegative().nullable().catch(null),
  start_time: z.number().int().nonnegative().nullable().catch(null),
  /** The desired state, which the reference system keeps in this file. */
  desired_state: z.string().nullable().catch(null),
});

/**
 * `gateway_state.json` as a reader may rely on it, whichever program wrote it: a field that is missing or of
 * another type has its falsy value. Unknown states, like the reference system's `degraded`, are passed on as they are.
 */
export type GatewayStateView = z.infer<typeof gatewayStateViewSchema>;
