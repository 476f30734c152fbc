import {
  type Connection,
  type DashboardError,
  type ProfileEvent,
  ProfileStream,
  Refused,
} from '@hermes/dashboard-client';
import type { Sample } from '../model/chart.ts';
import { profileOf } from '../model/profile-of.ts';
import { type Fleet, LiveFleet } from './live-fleet.ts';

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** The shown data was current at `shownAt`. */
  | { readonly state: 'lost'; readonly shownAt: number | null; readonly why: string | null }
  | { readonly state: 'denied'; readonly why: string }
  | { readonly state: 'unauthorized' };

export interface LiveView extends Fleet {
  readonly link: Link;
}

/** What is known of the profiles, kept up to date by the stream of events. */
export class Live {
  readonly #stream: ProfileStream;
  readonly #fleet = new LiveFleet();
  readonly #listeners = new Set<() => void>();
  #view: LiveView = { link: { state: 'connecting' }, ...this.#fleet.value };
  #lastSign: number | null = null;

  constructor(connection: Connection) {
    this.#stream = new ProfileStream(connection, {
      onEvent: (event) => {
        this.#take(event);
        this.#alive();
      },
      onResumed: () => this.#alive(),
      onSign: () => {
        this.#lastSign = Date.now();
      },
      onLost: (error) => this.#show({ state: 'lost', shownAt: this.#lastSign, why: whyLost(error) }),
    });
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

  /** Begins; runs until {@link close}, or until the dashboard refuses. */
  async run(): Promise<void> {
    try {
      await this.#stream.run();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#show(error.status === 401 ? { state: 'unauthorized' } : { state: 'denied', why: error.said });
    }
  }

  close(): void {
    this.#stream.close();
  }

  /** Retries at once, if it is waiting. */
  retryNow(): void {
    this.#stream.retryNow();
  }

  /** Closes a dead connection; the next attempt reports the result. */
  drop(): void {
    this.#stream.drop();
  }

  #take(event: ProfileEvent): void {
    if (event.type === 'snapshot') this.#fleet.replace(event);
    else if (event.type === 'profile') this.#fleet.put(profileOf(event.profile));
    else this.#fleet.remove(event.name);
  }

  #alive(): void {
    this.#lastSign = Date.now();
    this.#show({ state: 'live' });
  }

  #show(link: Link): void {
    const isSameLink = link.state === this.#view.link.state && link.state !== 'lost';
    if (isSameLink && this.#view.profiles === this.#fleet.value.profiles) return;
    this.#view = { link: isSameLink ? this.#view.link : link, ...this.#fleet.value };
    for (const listener of this.#listeners) listener();
  }
}

/** The problem that the dashboard reported. */
function whyLost(error: DashboardError): string | null {
  return error instanceof Refused ? error.said : null;
}
