import { z } from 'zod';

const textPartSchema = z.looseObject({ type: z.literal('text'), text: z.string() });

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
});

/**
 * The fields of a chat completion request that the gateway reads; the agent decides on the rest, such as temperature.
 */
export const completionSchema = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(messageSchema).min(1).max(10_000),
  stream: z.boolean().nullish(),
  user: z.string().min(1).max(200).nullish(),
});
export type CompletionRequest = z.infer<typeof completionSchema>;

/** The text of the last message of the user; the session contains the earlier ones. `undefined` if there is none. */
export function lastUserText(request: CompletionRequest): string | undefined {
  const content = request.messages.findLast((message) => message.role === 'user')?.content;
  if (typeof content === 'string') return content || undefined;
  const parts = (content ?? []).map((part) => textPartSchema.safeParse(part).data?.text ?? '');
  return parts.join('') || undefined;
}
