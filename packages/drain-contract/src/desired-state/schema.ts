import { z } from 'zod';

/** The check of a desired state file. An `updated_at` of another type is read as `null`, since only people need it. */
export const desiredStateSchema = z.object({
  desired_state: z.enum(['running', 'stopped']),
  updated_at: z.string().nullable().catch(null),
});

/** `desired_state.json`: the desired state of a gateway, and since when (ISO 8601). */
export type DesiredState = z.infer<typeof desiredStateSchema>;
