import type { Channel } from '../channels/channel.ts';
import type { Outbox } from '../channels/outbox.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Announcement, SessionEvent } from '../journal/event-store.ts';
import type { Notice } from './texts.ts';

/**
 * Composes the events of a session, selects the channels that deliver them, and publishes them after the journal has
 * stored them.
 */
export class EventComposer {
  readonly #hub: EventHub;
  readonly #channels: ReadonlyMap<Channel, Pick<Outbox, 'wake'>>;

  constructor(hub: EventHub, channels: ReadonlyMap<Channel, Pick<Outbox, 'wake'>>) {
    this.#hub = hub;
    this.#channels = channels;
  }

  /** The event of an ended turn. */
  turnEnded(session: string, view: Readonly<Record<string, unknown>>, at: number): Announcement {
    return this.#announce(session, 'turn', view, at, null);
  }

  /** @param expiresAt Unix ms after which the notice is out of date. */
  notice(session: string, notice: Notice, at: number, expiresAt: number | null = null): Announcement {
    return this.#announce(session, 'notice', { session, ...notice }, at, expiresAt);
  }

  /** Call it when the journal has stored an announcement to `session`. */
  stored(session: string): void {
    this.#hub.publish(session);
    for (const [channel, outbox] of this.#channels) if (channel.carries(session)) outbox.wake();
  }

  #announce(
    session: string,
    type: SessionEvent['type'],
    data: Readonly<Record<string, unknown>>,
    at: number,
    expiresAt: number | null,
  ): Announcement {
    const channels = [...this.#channels.keys()].filter((channel) => channel.carries(session));
    const deliveries = channels.map(({ name }) => ({ channel: name, session, event: { type, ...data }, expiresAt }));
    return { event: { session, type, data, at }, deliveries };
  }
}
