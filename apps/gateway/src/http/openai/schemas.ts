import { z } from 'zod';
import type { RequestForm } from '../../journal/turn-store.ts';

const contentSchema = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish();

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: contentSchema,
});

/** An input of a response: a message, or an item of another type. */
const itemSchema = z.looseObject({
  type: z.string().nullish(),
  role: z.string().nullish(),
  content: z.unknown().optional(),
});

const MAX_MESSAGES = 10_000;

/** The fields that the gateway reads of each request. */
const common = {
  model: z.string().min(1).max(200),
  stream: z.boolean().nullish(),
  user: z.string().min(1).max(200).nullish(),
};

const background = z
  .literal(false, 'expected false: the gateway waits for the response and does not store it')
  .nullish();

/** A chat completion for an agent of plain text. */
export const completionSchema = z.looseObject({ ...common, messages: z.array(messageSchema).min(1).max(MAX_MESSAGES) });
export type CompletionRequest = z.infer<typeof completionSchema>;

/** A response for an agent of plain text. */
export const responseSchema = z.looseObject({
  ...common,
  background,
  input: z.union([z.string(), z.array(itemSchema).min(1).max(MAX_MESSAGES)], 'expected a text, or a list of items'),
});
export type ResponseRequest = z.infer<typeof responseSchema>;

/** Requests for a model, which judges the rest. */
export const forwardedSchemas = {
  'chat.completions': z.looseObject({ ...common, messages: z.array(z.unknown()).min(1).max(MAX_MESSAGES) }),
  responses: z.looseObject({ ...common, background }),
} as const satisfies Record<RequestForm, z.ZodType>;
