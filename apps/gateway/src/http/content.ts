import { ProblemError } from '@hermes/service-kit/http';
import type { Agent } from '../agents/agent.ts';
import {
  type ContentPart,
  type StoredContent,
  storedContent,
  unaccepted,
  unacceptedSentence,
} from '../openai-wire/parts.ts';

export type TakesParts = Pick<Agent, 'name' | 'accepts'>;

/**
 * The content of a message as it is stored. @param field its name in the request.
 * @throws ProblemError 400 if the agent does not take it.
 */
export function contentFor(
  { name, accepts }: TakesParts,
  field: string,
  content: string | readonly ContentPart[],
): StoredContent {
  if (typeof content === 'string') return { text: content };
  const kinds = unaccepted(content, accepts);
  if (kinds.length === 0) return storedContent(content);
  throw new ProblemError(400, 'invalid-request', 'Invalid request', `${field}: ${unacceptedSentence(kinds, name)}`);
}
