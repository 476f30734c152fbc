import type { Logger } from '@hermes/service-kit';
import type { DeliveryStore } from '../journal/delivery-store.ts';
import type { Channel, Receive } from './channel.ts';
import { Outbox } from './outbox.ts';

/** All channels, each with its outbox. */
export class ChannelManager {
  readonly outboxes: ReadonlyMap<Channel, Outbox>;

  constructor(channels: readonly Channel[], journal: DeliveryStore, log: Logger) {
    this.outboxes = new Map(channels.map((channel) => [channel, new Outbox(channel, journal, log)]));
  }

  /** Starts sending and receiving. */
  start(receive: Receive): void {
    for (const [channel, outbox] of this.outboxes) {
      outbox.start();
      channel.start(receive);
    }
  }

  /** Stops receiving; sending continues. */
  async stopReceiving(bound: AbortSignal): Promise<void> {
    await Promise.allSettled([...this.outboxes.keys()].map((channel) => channel.stop(bound)));
  }

  /** Sends until `bound` aborts or no delivery is due, then stops. */
  async close(bound: AbortSignal): Promise<void> {
    await Promise.allSettled([...this.outboxes.values()].map((outbox) => outbox.close(bound)));
  }
}
