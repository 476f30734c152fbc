import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';

/** Maximum characters of a server's answer in the log. */
const MAX_LOGGED = 500;

export const CUT_OFF = 'The model server ended its answer early; send a new message to retry.';

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'The model server rejected the API key.',
  403: 'The model server rejected the API key.',
  404: 'The model server does not offer the model, or agent.base_url is wrong.',
  408: 'The model server did not answer in time; try again later.',
  429: 'The model server applies a rate limit; try again later.',
};

/** A failure of a model server, as a sentence for users. */
export function serverFailure(error: unknown): string {
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

/** The same for the log. A server may quote the key that it received, so `secret` is redacted. */
export function failureDetails(error: unknown, secret: string | undefined): Record<string, unknown> {
  const { message, code: rootCode } = rootOf(error) as { message?: unknown; code?: unknown };
  const { status, type, code, requestID } = error instanceof APIError ? error : ({} as Partial<APIError>);
  const details = { status, type, code: code ?? rootCode, request_id: requestID, reason: message ?? error };
  const known = Object.entries(details).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, redact(value, secret)]));
}

function redact(value: unknown, secret: string | undefined): unknown {
  if (typeof value === 'number') return value;
  const text = String(value);
  return (secret === undefined ? text : text.replaceAll(secret, '[key]')).slice(0, MAX_LOGGED);
}

/** The innermost cause: "connect ECONNREFUSED" rather than "fetch failed". */
function rootOf(error: unknown): object {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root instanceof Error ? root : {};
}
