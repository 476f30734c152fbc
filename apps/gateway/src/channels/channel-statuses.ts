import { type ChannelStatus, formatIsoDateTime } from '@hermes/drain-contract';
import type { DeliveryCounts, DeliveryStore } from '../journal/delivery-store.ts';
import type { Channel } from './channel.ts';

const NONE: DeliveryCounts = { waiting: 0, givenUp: 0 };

/** What the gateway publishes of its channels: their health, and their deliveries as of the last {@link refresh}. */
export class ChannelStatuses {
  readonly #channels: readonly Channel[];
  readonly #journal: Pick<DeliveryStore, 'countDeliveries'>;
  readonly #counts = new Map<Channel, DeliveryCounts>();

  constructor(channels: readonly Channel[], journal: Pick<DeliveryStore, 'countDeliveries'>, onChange: () => void) {
    this.#channels = channels;
    this.#journal = journal;
    for (const { health } of channels) health.on('change', onChange);
  }

  get all(): ChannelStatus[] {
    return this.#channels.map((channel) => {
      const { name, health } = channel;
      const { waiting, givenUp } = this.#counts.get(channel) ?? NONE;
      const since = formatIsoDateTime(health.since);
      return { name, state: health.state, since, problem: health.problem, waiting, given_up: givenUp };
    });
  }

  /** Counts the deliveries. Never rejects: if the journal cannot be read, the last figures stay. */
  async refresh(): Promise<void> {
    await Promise.all(
      this.#channels.map(async (channel) => {
        const counts = await this.#journal.countDeliveries(channel.name).catch(() => undefined);
        if (counts) this.#counts.set(channel, counts);
      }),
    );
  }
}
