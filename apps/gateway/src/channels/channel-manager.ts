import type { Logger } from '@hermes/service-kit';
import type { DeliveryStore } from '../journal/delivery-store.ts';
import type { Fleet } from '../journal/fleet.ts';
import type { Channel, ChannelEvents, Receive } from './channel.ts';
import { ChannelLease } from './channel-lease.ts';
import { Outbox } from './outbox.ts';

export interface ChannelManagerParts {
  readonly channels: readonly Channel[];
  readonly journal: DeliveryStore & { readonly fleet?: Fleet | undefined };
  /** Whether the gate of this gateway is open. */
  readonly isOpen: () => boolean;
  readonly log: Logger;
}

/** All channels, each with its outbox. Of gateways that share a journal, one at a time serves each channel. */
export class ChannelManager {
  readonly outboxes: ReadonlyMap<Channel, Outbox>;
  readonly #parts: ChannelManagerParts;
  readonly #followers: readonly Channel[];
  #leases: readonly ChannelLease[] = [];

  constructor(parts: ChannelManagerParts) {
    const { channels, journal, log } = parts;
    this.#parts = parts;
    this.#followers = channels.filter(({ follow }) => follow !== undefined);
    this.outboxes = new Map(channels.map((channel) => [channel, new Outbox(channel, journal, log)]));
  }

  get channels(): readonly Channel[] {
    return this.#parts.channels;
  }

  /** Starts sending and receiving. */
  start(receive: Receive, events: ChannelEvents): void {
    const { fleet } = this.#parts.journal;
    if (fleet) {
      this.#leases = [...this.outboxes].map(([channel, outbox]) =>
        this.#leaseOf(channel, outbox, () => channel.start(receive, events), fleet),
      );
      for (const { health } of this.#parts.channels) health.become('standby');
      for (const lease of this.#leases) lease.start();
      return;
    }
    for (const [channel, outbox] of this.outboxes) {
      outbox.start();
      channel.start(receive, events);
    }
  }

  /** The channel that shows the running turns of a session. */
  followerOf(session: string): Channel | undefined {
    return this.#followers.find((channel) => channel.carries(session));
  }

  /** Stops receiving; sending continues, except in a channel that another gateway can serve. */
  async stopReceiving(bound: AbortSignal): Promise<void> {
    await Promise.allSettled([...this.outboxes.keys()].map((channel) => channel.stop(bound)));
  }

  /** Sends until `bound` aborts or no delivery is due, then stops. */
  async close(bound: AbortSignal): Promise<void> {
    if (this.#parts.journal.fleet) await Promise.allSettled(this.#leases.map((lease) => lease.stop(bound)));
    else await Promise.allSettled([...this.outboxes.values()].map((outbox) => outbox.close(bound)));
  }

  #leaseOf(channel: Channel, outbox: Outbox, startReceiving: () => void, fleet: Fleet): ChannelLease {
    const { isOpen, log } = this.#parts;
    const work = {
      start: () => {
        outbox.start();
        startReceiving();
      },
      stop: async (bound: AbortSignal) => {
        await Promise.allSettled([channel.stop(bound), outbox.close(bound)]);
        channel.health.become('standby');
      },
    };
    return new ChannelLease({ channel: channel.name, work, fleet, isOpen, log });
  }
}
