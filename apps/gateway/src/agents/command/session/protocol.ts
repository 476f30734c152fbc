import { z } from 'zod';
import type { AgentRequest } from '../../agent.ts';

const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('delta'), text: z.string() }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);

/** A line that a command writes: a piece of the reply, its end, or why there is none, as a sentence for users. */
export type AnswerLine = z.infer<typeof lineSchema>;

/** @returns `undefined` for a line that is none of the protocol. */
export function parseAnswer(line: string): AnswerLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The line for a message, with the parts of a message that has some. */
export function messageLine({ turn, session, text, content }: AgentRequest): string {
  return `${JSON.stringify({ type: 'message', turn_id: turn, session, text, content })}\n`;
}
