import type { FastifyReply } from 'fastify';

/** The error object that OpenAI's clients read. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/**
 * The error type for a status, as OpenAI's clients know it. @param code identifies a failed turn, whose status says
 * nothing about the cause.
 */
function typeOf(status: number, code: string): string {
  if (code.startsWith('turn-')) return 'server_error';
  if (status === 401) return 'authentication_error';
  if (status === 404) return 'not_found_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

export function openAiError(status: number, code: string, message: string): { error: OpenAiError } {
  return { error: { message, type: typeOf(status, code), param: null, code } };
}

/** The event that ends a response that is streamed and has failed. @param error the error object. */
export function responseErrorEvent(error: object): string {
  // The event has a type of its own.
  const fields = Object.fromEntries(Object.entries(error).filter(([name]) => name !== 'type'));
  return `event: error\ndata: ${JSON.stringify({ type: 'error', ...fields, error })}\n\n`;
}

/** An error with `code` and, if set, the time of the next retry. */
export interface SayableError {
  readonly statusCode: number;
  readonly code: string;
  readonly title: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function sendOpenAiError(reply: FastifyReply, error: SayableError): FastifyReply {
  const body = openAiError(error.statusCode, error.code, error.message || error.title);
  return reply.code(error.statusCode).headers(error.headers).send(body);
}
