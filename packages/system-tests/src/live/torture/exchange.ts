import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface ExchangeOptions {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly agent?: Agent | undefined;
  /** Ends the exchange; its reason is what is reported. */
  readonly signal: AbortSignal;
}

/** An answer, whole or not, or why there is none. */
export type Exchange =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string; readonly whole: boolean }
  | { readonly status: 0; readonly why: string };

/** One HTTP request to this machine. Never rejects: a broken connection is an answer, too. */
export function exchange(options: ExchangeOptions): Promise<Exchange> {
  const { port, method, path, agent, signal } = options;
  const data = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = { ...options.headers, ...(data === undefined ? {} : { 'content-type': 'application/json' }) };
  return new Promise((resolve) => {
    const failed = (error: Error & { code?: string }) => {
      const why = signal.aborted ? String(signal.reason) : (error.code ?? error.message);
      resolve({ status: 0, why });
    };
    if (signal.aborted) return failed(new Error());
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent, signal }, (response) => {
      let text = '';
      const ended = (whole: boolean) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, whole });
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => ended(response.complete)).on('error', () => ended(false));
    });
    sent.on('error', failed).end(data);
  });
}

/** The JSON object in a text; an empty one if there is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
