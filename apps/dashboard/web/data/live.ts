import { backoff } from '../model/backoff.ts';
import type { Sample } from '../model/chart.ts';
import { decodeProfile, decodeProfiles } from '../model/decode.ts';
import { Fields } from '../model/fields.ts';
import { type Api, ApiError } from './api.ts';
import { readEvents } from './event-stream.ts';
import { type Fleet, LiveFleet } from './live-fleet.ts';

/** The server gives a sign of life more often. */
const SILENCE_MS = 40_000;
const CONNECT_MS = 8_000;
const POLL_MS = 1_000;

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** What is shown is what was known at `shownAt`. */
  | { readonly state: 'lost'; readonly shownAt: number | null; readonly why: string | null }
  | { readonly state: 'denied'; readonly why: string }
  | { readonly state: 'unauthorized' };

export interface LiveView extends Fleet {
  readonly link: Link;
}

/** Keeps up with the profiles: over the stream of events, or by asking again and again where there is none. */
export class Live {
  readonly #api: Api;
  readonly #end = new AbortController();
  readonly #fleet = new LiveFleet();
  readonly #listeners = new Set<() => void>();
  #view: LiveView = { link: { state: 'connecting' }, ...this.#fleet.value };
  #lastId: string | null = null;
  #lastLife: number | null = null;
  #retryMs = 1_000;
  #failures = 0;
  #wake: () => void = () => undefined;
  #connection: AbortController | null = null;

  constructor(api: Api) {
    this.#api = api;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): LiveView => this.#view;

  /** The turns in flight as this page saw them. */
  samplesOf(name: string): readonly Sample[] {
    return this.#fleet.samplesOf(name);
  }

  /** Begins; runs until {@link close}. */
  async run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        await this.#stream();
        this.#failures = 0;
      } catch (error) {
        if (this.#end.signal.aborted) return;
        if (error instanceof ApiError && error.status === 404) return this.#poll();
        if (this.#isFinal(error)) return;
        this.#lose(error);
      }
      await this.#pause(backoff(this.#failures, this.#retryMs, Math.random()));
    }
  }

  close(): void {
    this.#end.abort();
    this.#wake();
  }

  /** Tries again at once, if it is waiting. */
  hurry(): void {
    this.#wake();
  }

  /** Gives a connection up that is known to be dead; the next attempt tells. */
  drop(): void {
    this.#connection?.abort();
  }

  async #stream(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    const timer = setTimeout(() => connection.abort(), CONNECT_MS);
    const signal = AbortSignal.any([this.#end.signal, connection.signal]);
    const stream = await this.#api.open('events', this.#lastId, signal).finally(() => clearTimeout(timer));
    if (this.#lastId !== null) this.#alive();
    await readEvents(
      stream,
      {
        onEvent: ({ id, event, data }) => {
          this.#take(event ?? 'message', JSON.parse(data));
          this.#lastId = id ?? this.#lastId;
          this.#failures = 0;
          this.#alive();
        },
        onLife: () => {
          this.#lastLife = Date.now();
        },
        onRetry: (ms) => {
          this.#retryMs = ms;
        },
      },
      SILENCE_MS,
    );
  }

  #take(event: string, data: unknown): void {
    if (event === 'snapshot') {
      this.#fleet.replace(decodeProfiles(data), new Fields(data).time('now'));
    } else if (event === 'profile') {
      const profile = decodeProfile(data);
      if (profile !== null) this.#fleet.put(profile);
    } else if (event === 'removed') {
      this.#fleet.remove(new Fields(data).text('name') ?? '');
    }
  }

  /** For a server that has no events. */
  async #poll(): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        const { data, now } = await this.#api.call('profiles', { signal: this.#end.signal });
        this.#fleet.replace(decodeProfiles(data), now);
        this.#failures = 0;
        this.#alive();
      } catch (error) {
        if (this.#end.signal.aborted || this.#isFinal(error)) return;
        this.#lose(error);
      }
      await this.#pause(this.#failures === 0 ? POLL_MS : backoff(this.#failures, POLL_MS, Math.random()));
    }
  }

  #alive(): void {
    this.#lastLife = Date.now();
    this.#show({ state: 'live' });
  }

  #lose(error: unknown): void {
    this.#failures += 1;
    this.#show({ state: 'lost', shownAt: this.#lastLife, why: error instanceof ApiError ? error.message : null });
  }

  /** Whether asking again would not help. */
  #isFinal(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    if (error.status === 401) this.#show({ state: 'unauthorized' });
    else if (error.status === 403) this.#show({ state: 'denied', why: error.message });
    else return false;
    return true;
  }

  #show(link: Link): void {
    const isSameLink = link.state === this.#view.link.state && link.state !== 'lost';
    if (isSameLink && this.#view.profiles === this.#fleet.value.profiles) return;
    this.#view = { link: isSameLink ? this.#view.link : link, ...this.#fleet.value };
    for (const listener of this.#listeners) listener();
  }

  async #pause(ms: number): Promise<void> {
    if (this.#end.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}
