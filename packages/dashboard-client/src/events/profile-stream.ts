import { authorization, type Connection, nameOf } from '../api/connection.ts';
import type { ProfileView } from '../api/views.ts';
import { type DashboardError, failure, isPassing, refusal, Unreachable } from '../errors.ts';
import { backoff } from './backoff.ts';
import { readEvents } from './read-events.ts';

/** The server sends a comment more often than this, in ms. */
const SILENCE_MS = 40_000;
const CONNECT_MS = 8_000;
const FIRST_RETRY_MS = 1_000;

/** A snapshot of all profiles. */
export interface Snapshot {
  /** The server's clock. */
  readonly now: string;
  /** Name of the machine or container of the dashboard. */
  readonly host: string;
  /** Its root home. */
  readonly home: string;
  readonly profiles: readonly ProfileView[];
}

/** A change of the profiles. */
export type ProfileEvent =
  | ({ readonly type: 'snapshot' } & Snapshot)
  | { readonly type: 'profile'; readonly profile: ProfileView }
  | { readonly type: 'removed'; readonly name: string };

export interface StreamObserver {
  onEvent(event: ProfileEvent): void;
  /** The stream is open again; missed events follow. */
  onResumed(): void;
  /** Something arrived, even a comment. */
  onSign(): void;
  /** The stream broke and will be reopened after a pause. */
  onLost(error: DashboardError): void;
}

/** The stream of profile events, opened again where it ended whenever it breaks. */
export class ProfileStream {
  readonly #dashboard: Connection;
  readonly #observer: StreamObserver;
  readonly #end = new AbortController();
  #connection = new AbortController();
  #lastId: string | undefined;
  #retryMs = FIRST_RETRY_MS;
  #failures = 0;
  #endPause: () => void = () => undefined;

  /** @param dashboard whose `fetch` gives the body as it arrives. */
  constructor(dashboard: Connection, observer: StreamObserver) {
    this.#dashboard = dashboard;
    this.#observer = observer;
  }

  /** Runs until {@link close}. @throws Refused when a retry cannot succeed. */
  async run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        await this.#stream();
        this.#failures = 0;
      } catch (cause) {
        if (this.#end.signal.aborted) return;
        const error = failure(nameOf(this.#dashboard), cause);
        if (!isPassing(error)) throw error;
        this.#failures += 1;
        this.#observer.onLost(error);
      }
      await this.#pause(backoff(this.#failures, this.#retryMs, Math.random()));
    }
  }

  close(): void {
    this.#end.abort();
    this.#endPause();
  }

  /** Opens the stream at once, if it is waiting to. */
  retryNow(): void {
    this.#endPause();
  }

  /** Closes a connection that is known to be dead. */
  drop(): void {
    this.#connection.abort();
  }

  async #stream(): Promise<void> {
    this.#connection = new AbortController();
    const timer = setTimeout(() => this.drop(), CONNECT_MS);
    const body = await this.#open().finally(() => clearTimeout(timer));
    if (this.#lastId !== undefined) this.#observer.onResumed();
    const listener = {
      onEvent: ({ id, event, data }: { id?: string | undefined; event?: string | undefined; data: string }) => {
        const change = changeOf(event, JSON.parse(data));
        this.#lastId = id ?? this.#lastId;
        this.#failures = 0;
        if (change) this.#observer.onEvent(change);
      },
      onSign: () => this.#observer.onSign(),
      onRetry: (ms: number) => {
        this.#retryMs = ms;
      },
    };
    await readEvents(body, listener, SILENCE_MS);
  }

  async #open(): Promise<ReadableStream<Uint8Array>> {
    const { url, fetch: send = fetch } = this.#dashboard;
    const request = new Request(`${url}/api/events`, {
      headers: {
        ...authorization(this.#dashboard),
        accept: 'text/event-stream',
        ...(this.#lastId !== undefined && { 'last-event-id': this.#lastId }),
      },
      cache: 'no-store',
      redirect: 'manual',
      signal: AbortSignal.any([this.#end.signal, this.#connection.signal]),
    });
    const response = await send(request);
    if (!response.ok) {
      const problem = await response.json().catch(() => undefined);
      throw refusal(nameOf(this.#dashboard), response.status, problem);
    }
    if (response.body === null) throw new Unreachable(nameOf(this.#dashboard), 'the stream of events has no body');
    return response.body;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#end.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#endPause = resolve;
    await promise;
    clearTimeout(timer);
  }
}

/** @returns `undefined` for an event that a later version may send. */
function changeOf(event: string | undefined, data: unknown): ProfileEvent | undefined {
  if (event === 'snapshot') return { type: 'snapshot', ...(data as Snapshot) };
  if (event === 'profile') return { type: 'profile', profile: data as ProfileView };
  if (event === 'removed') return { type: 'removed', name: (data as { name: string }).name };
  return undefined;
}
