import { z } from 'zod';
import { plainText } from '../text.pure.ts';

/** Name of the marker in a profile's home directory. */
export const DRAIN_REQUEST_FILENAME = '.drain_request.json';

/** Name of the empty file beside the marker whose lock the writers of the marker hold, one at a time. */
export const DRAIN_LOCK_FILENAME = '.drain_request.lock';

/** The principal of a marker whose writer names none, as in the reference system. */
export const DEFAULT_PRINCIPAL = 'drain-control';

/** The longest reason, in UTF-16 code units. */
export const MAX_REASON_LENGTH = 500;

/** The longest name of a principal, in UTF-16 code units. */
export const MAX_PRINCIPAL_LENGTH = 200;

/** Bounds and default of a marker's life, in seconds. */
export const MAX_AGE_SECONDS = { min: 1, max: 86_400, default: 3_600 } as const;

/** Bounds of the time from a begin to the first refusal, in seconds. */
export const LEAD_SECONDS = { min: 0, max: 300 } as const;

/** The reason for the drain, for other operators. Control characters are removed. */
export const reasonSchema = z.string().max(MAX_REASON_LENGTH).transform(plainText);

/** Seconds until a marker expires unless it is refreshed. */
export const maxAgeSecondsSchema = z.number().min(MAX_AGE_SECONDS.min).max(MAX_AGE_SECONDS.max);

/** Seconds for which a gateway still accepts turns after a begin, while it is no longer ready. */
export const leadSecondsSchema = z.number().min(LEAD_SECONDS.min).max(LEAD_SECONDS.max);

/** The id of a drain, which its client may choose. */
export const requestIdSchema = z.uuid();

/** The marker as we write it: the reference system's five fields in its order, then our optional ones. */
export const drainRequestSchema = z.object({
  action: z.literal('drain'),
  requested_at: z.string(),
  principal: z.string().max(MAX_PRINCIPAL_LENGTH),
  epoch: z.string(),
  suppress_notification: z.boolean(),
  request_id: requestIdSchema,
  reason: reasonSchema.optional(),
  max_age_seconds: maxAgeSecondsSchema.optional(),
  refuse_after: z.string().optional(),
});

/** A marker that we wrote. */
export type DrainRequest = z.infer<typeof drainRequestSchema>;

/** The JSON object of a marker from any writer: any field may be missing or have any type. */
export type DrainRequestBody = Readonly<Record<string, unknown>>;
