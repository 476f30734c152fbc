import { z } from 'zod';
import type { RequestForm } from '../../journal/turn-store.ts';

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
});

/** The fields that the gateway reads of each request. */
const common = {
  model: z.string().min(1).max(200),
  stream: z.boolean().nullish(),
  user: z.string().min(1).max(200).nullish(),
};

/** A chat completion for an agent of plain text. */
export const completionSchema = z.looseObject({ ...common, messages: z.array(messageSchema).min(1).max(10_000) });
export type CompletionRequest = z.infer<typeof completionSchema>;

/** Requests for a model, which judges the rest. */
export const forwardedSchemas = {
  'chat.completions': z.looseObject({ ...common, messages: z.array(z.unknown()).min(1).max(10_000) }),
  responses: z.looseObject({
    ...common,
    background: z.literal(false, 'expected false: the gateway waits for the response and does not store it').nullish(),
  }),
} as const satisfies Record<RequestForm, z.ZodType>;
