import type { FastifyRequest } from 'fastify';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { RequestForm } from '../../journal/turn-store.ts';
import type { Message } from '../../turns/turn.ts';
import type { TakesParts } from '../content.ts';
import { callerOf, idempotencyKey, originOf, shortHeader } from '../origin.ts';
import { takeBody } from '../take-body.ts';
import { completionContent, responseContent } from './plain-request.ts';
import { completionSchema, forwardedSchemas, responseSchema } from './schemas.ts';

/** The namespace of sessions that are derived from the key of a request. */
const SESSIONS_OF_KEYS = '5f8f5a6e-6a0c-4d0b-9a55-1a4b5a1f3a4e';

/** A request of an OpenAI client. */
export interface OpenAiRequest {
  readonly message: Message;
  readonly model: string;
  readonly isStreamed: boolean;
}

/** Reads a request for an agent that gets it as it came. The request no longer keeps its body. @throws ProblemError 400 */
export function readForwarded(request: FastifyRequest, form: RequestForm): OpenAiRequest {
  const text = JSON.stringify(request.body) ?? '';
  return read(request, forwardedSchemas[form], () => ({ text, form }));
}

/**
 * Reads a request for an agent that gets single messages. The request no longer keeps its body.
 * @throws ProblemError 400
 */
export function readPlain(request: FastifyRequest, form: RequestForm, agent: TakesParts): OpenAiRequest {
  if (form === 'responses') return read(request, responseSchema, (body) => responseContent(body, agent));
  return read(request, completionSchema, (body) => completionContent(body, agent));
}

interface Common {
  readonly model: string;
  readonly stream?: boolean | null | undefined;
  readonly user?: string | null | undefined;
}

function read<S extends z.ZodType<Common>>(
  request: FastifyRequest,
  schema: S,
  contentOf: (body: z.infer<S>) => Pick<Message, 'text' | 'form'>,
): OpenAiRequest {
  const origin = originOf(request);
  const body = takeBody(schema, request);
  const messageId = idempotencyKey(request);
  const named = shortHeader(request, 'x-hermes-session-id') ?? body.user ?? undefined;
  // Without a session name, it gets a new session, and the same one for a retry with the same key.
  const made = () => (messageId ? uuidv5(`${messageId} ${callerOf(request)}`, SESSIONS_OF_KEYS) : uuidv7());
  const message: Message = {
    session: named ?? made(),
    ...contentOf(body),
    messageId,
    kind: 'external',
    conversation: 'separate',
    origin,
    isAlone: named === undefined,
    mustMatch: true,
  };
  return { message, model: body.model, isStreamed: body.stream === true };
}
