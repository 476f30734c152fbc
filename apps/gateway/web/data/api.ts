import type { EventSourceMessage } from 'eventsource-parser';
import { type BadAnswer, type Failure, failureOf } from '../model/failure.ts';
import { messageBody } from '../model/message-body.ts';
import type { GatewayStatus, HistoryPage, OutgoingMessage, TurnView } from '../model/wire.ts';
import { readEvents } from './read-events.ts';

/** How long a request may take until its answer begins, in ms. */
const ANSWER_MS = 15_000;

/** A request that did not succeed. */
export class ApiError extends Error {
  readonly failure: Failure;
  /** 0 without an answer. */
  readonly status: number;

  constructor(failure: Failure, status: number) {
    super(failure.text);
    this.failure = failure;
    this.status = status;
  }
}

/** The API of the gateway that serves the page. Its methods throw {@link ApiError}. */
export class Api {
  readonly #base: string;
  readonly #key: string | null;

  /** @param base the address of the page. @param key `null` for a gateway that has none. */
  constructor(base: string, key: string | null) {
    this.#base = base;
    this.#key = key;
  }

  async status(): Promise<GatewayStatus> {
    return (await this.#ask('v1/status')).json();
  }

  async history(session: string, before: number | null): Promise<HistoryPage> {
    const query = before === null ? '' : `?${new URLSearchParams({ before: String(before) })}`;
    return (await this.#ask(`v1/sessions/${encodeURIComponent(session)}/turns${query}`)).json();
  }

  /** Sends a message; sending it again has no effect. @returns as soon as it is stored. */
  async send(message: OutgoingMessage, signal: AbortSignal): Promise<TurnView> {
    const body = JSON.stringify(messageBody(message));
    const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
    const hasPictures = message.pictures.length > 0;
    return (await this.#ask('v1/messages', { method: 'POST', headers, body, signal }, hasPictures)).json();
  }

  async stop(turnId: string): Promise<TurnView> {
    return (await this.#ask(`v1/turns/${encodeURIComponent(turnId)}`, { method: 'DELETE' })).json();
  }

  /** A turn and its reply from the beginning, as it grows. */
  async turn(turnId: string, signal: AbortSignal): Promise<AsyncGenerator<EventSourceMessage>> {
    return this.#stream(`v1/turns/${encodeURIComponent(turnId)}`, {}, signal);
  }

  /** What happens in a session after an event. */
  async events(session: string, lastId: string, signal: AbortSignal): Promise<AsyncGenerator<EventSourceMessage>> {
    return this.#stream(`v1/sessions/${encodeURIComponent(session)}/events`, { 'last-event-id': lastId }, signal);
  }

  async #stream(path: string, headers: Record<string, string>, signal: AbortSignal) {
    const { body } = await this.#ask(path, { headers: { ...headers, accept: 'text/event-stream' }, signal });
    if (body === null) throw failed(null);
    return readEvents(body);
  }

  async #ask(path: string, init: RequestInit = {}, hasPictures = false): Promise<Response> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ANSWER_MS);
    const signal = AbortSignal.any([late.signal, ...(init.signal ? [init.signal] : [])]);
    try {
      const response = await fetch(new URL(path, this.#base), {
        ...init,
        headers: { ...init.headers, ...(this.#key !== null && { authorization: `Bearer ${this.#key}` }) },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal,
      });
      if (response.ok) return response;
      const problem = (await response.json().catch(() => ({}))) as object;
      throw failed({ ...problem, status: response.status }, hasPictures);
    } catch (error) {
      throw error instanceof ApiError ? error : failed(null);
    } finally {
      clearTimeout(timer);
    }
  }
}

function failed(answer: BadAnswer, hasPictures = false): ApiError {
  return new ApiError(failureOf(answer, hasPictures), answer?.status ?? 0);
}
