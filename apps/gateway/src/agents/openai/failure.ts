import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { isRecord } from '../../openai-wire/content.ts';
import type { UpstreamError } from '../../openai-wire/upstream-error.ts';
import { OddAnswer } from './odd-answer.ts';

/** Maximum characters of a server's answer in the log. */
const MAX_LOGGED = 500;

export const CUT_OFF = 'The model server ended its answer early; send a new message to retry.';
export const REPORTED = 'The model server failed; try again later.';
export const NO_CHOICE = 'The model server sent an answer without a choice; try again later.';
export const STREAMED = 'The model server sent a stream although none was requested; request a stream.';
export const TOO_LONG = 'The model server sent an answer that is too long; ask for a shorter one.';
export const FILTERED =
  'The content filter of the model server withheld the answer, or the end of it; rephrase the message.';
export const WANTS_TOOLS = 'The model requested a tool instead of an answer, and this conversation offers none.';

export function noAnswer(contentType: string): string {
  const found = contentType === '' ? 'a body that is not JSON' : contentType.split(';')[0];
  return `The model server sent no answer of a model, but ${found}: the operator of the gateway must check agent.base_url.`;
}

/** Statuses that say what is wrong with the request: the client gets them as they are, and does not retry them. */
const PASSED = new Set([400, 404, 413, 415, 422]);

/** What the client of a forwarded request gets, if the server said something about it. */
export function upstreamError(error: unknown, secrets: readonly string[]): UpstreamError | undefined {
  if (error instanceof OddAnswer) return error.error === undefined ? undefined : envelope(400, error.error, secrets);
  const status = error instanceof APIError ? (error.status as number | undefined) : undefined;
  if (status === undefined || !PASSED.has(status)) return undefined;
  const { error: reported, message } = error as APIError;
  return envelope(status, reported ?? message, secrets);
}

function envelope(status: number, reported: unknown, secrets: readonly string[]): UpstreamError {
  const error = isRecord(reported) ? reported : { message: String(reported) };
  const body = { error: { message: REPORTED, type: 'server_error', param: null, code: null, ...error } };
  return { status, body: JSON.parse(withoutSecrets(JSON.stringify(body), secrets)) };
}

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'The model server rejected the API key.',
  403: 'The model server rejected the API key.',
  404: 'The model server does not offer the model, or agent.base_url is wrong.',
  408: 'The model server did not answer in time; try again later.',
  429: 'The model server applies a rate limit; try again later.',
};

/** Whether the server has begun an answer, and then sent nothing for too long. */
export function isStall(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'UND_ERR_BODY_TIMEOUT';
}

/** The same in words. @param said the characters of the answer that came, if that is known. */
export function stalled(seconds: number, said: number | undefined): string {
  const when =
    said === undefined
      ? 'in the middle of its answer'
      : said === 0
        ? 'instead of an answer'
        : `after ${said} characters of its answer`;
  return `The model server sent nothing for ${seconds} s ${when}; send a new message to retry.`;
}

/** A failure of a model server, as a sentence for users. */
export function serverFailure(error: unknown): string {
  if (error instanceof OddAnswer) return error.message;
  if (error instanceof APIConnectionTimeoutError) return 'The model server did not answer in time; try again later.';
  if (error instanceof APIConnectionError) return 'The model server is unreachable; try again later.';
  // The client does not report this: the connection broke, or the data was not a valid event.
  if (!(error instanceof APIError)) return CUT_OFF;
  if (/draining/i.test(`${error.code} ${error.message}`)) return 'The model server is draining; try again later.';
  const status: number | undefined = error.status;
  if (status === undefined || status >= 500) return 'The model server failed; try again later.';
  if (status >= 300 && status < 400)
    return 'The model server redirects to another address; the gateway follows no redirects.';
  return BY_STATUS[status] ?? 'The model server did not accept the request.';
}

/** The same for the log. A server may quote the key that it received, so `secrets` are redacted. */
export function failureDetails(error: unknown, secrets: readonly string[]): Record<string, unknown> {
  if (error instanceof OddAnswer) return { reason: redact(reasonOf(error), secrets) };
  const { message, code: rootCode } = rootOf(error) as { message?: unknown; code?: unknown };
  const { status, type, code, requestID } = error instanceof APIError ? error : ({} as Partial<APIError>);
  const details = { status, type, code: code ?? rootCode, request_id: requestID, reason: message ?? error };
  const known = Object.entries(details).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, redact(value, secrets)]));
}

function reasonOf({ message, error }: OddAnswer): string {
  return error === undefined ? message : JSON.stringify(error);
}

function redact(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'number') return value;
  return withoutSecrets(String(value), secrets).slice(0, MAX_LOGGED);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[key]'), text);
}

/** The innermost cause: "connect ECONNREFUSED" rather than "fetch failed". */
function rootOf(error: unknown): object {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root instanceof Error ? root : {};
}
