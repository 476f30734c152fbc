import { Fields } from '../model/fields.ts';

const TIMEOUT_MS = 10_000;

/** The server said no; the message is for people. */
export class ApiError extends Error {
  readonly status: number;
  /** The scope that the credential lacks, if that is why. */
  readonly scope: string | null;

  constructor(status: number, message: string, scope: string | null = null) {
    super(message);
    this.status = status;
    this.scope = scope;
  }
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly data: unknown;
  /** The server's clock in Unix ms, where it told it. */
  readonly now: number | null;
}

/** The HTTP API with one secret. */
export class Api {
  readonly #token: string;
  readonly #fetch: typeof fetch;

  constructor(token: string, fetchLike: typeof fetch = (...args) => fetch(...args)) {
    this.#token = token;
    this.#fetch = fetchLike;
  }

  /** Asks and reads the JSON of the answer. @throws ApiError, or what `fetch` throws. */
  async call(path: string, { method = 'GET', query, headers, body, signal }: Call = {}): Promise<Answer> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const search = query ? `?${new URLSearchParams(query)}` : '';
    const response = await this.#fetch(`api/${path}${search}`, {
      method,
      headers: { ...headers, ...this.#authorization(), ...(body && { 'content-type': 'application/json' }) },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await problemOf(response);
    return { data: await response.json(), now: dateOf(response) };
  }

  /** Opens a stream of events, after the event `lastId` if there is one. @throws ApiError, or what `fetch` throws. */
  async open(path: string, lastId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#fetch(`api/${path}`, {
      headers: {
        ...this.#authorization(),
        accept: 'text/event-stream',
        ...(lastId !== null && { 'last-event-id': lastId }),
      },
      cache: 'no-store',
      signal,
    });
    if (!response.ok) throw await problemOf(response);
    if (response.body === null) throw new TypeError('The stream of events has no body.');
    return response.body;
  }

  #authorization() {
    return { authorization: `Bearer ${this.#token}` };
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = new Fields(await response.json().catch(() => null));
  const message = problem.text('detail') || problem.text('title') || `The dashboard answered ${response.status}.`;
  return new ApiError(response.status, message, problem.text('scope'));
}

function dateOf(response: Response): number | null {
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(date) ? null : date;
}
