import { isRecord } from './content.ts';

/** The error of a model server for a request, as the client of the request gets it. */
export interface UpstreamError {
  /** A status that clients do not retry. */
  readonly status: number;
  /** In OpenAI's envelope. */
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
}

/** The reply of a failed turn with a form. */
export function storedError(error: UpstreamError): string {
  return JSON.stringify(error);
}

/** @returns `undefined` if the reply holds none. */
export function readStoredError(reply: string): UpstreamError | undefined {
  try {
    const value: unknown = JSON.parse(reply);
    if (!isRecord(value) || !isRecord(value.body) || !isRecord(value.body.error)) return undefined;
    return typeof value.status === 'number' ? { status: value.status, body: { error: value.body.error } } : undefined;
  } catch {
    return undefined;
  }
}
