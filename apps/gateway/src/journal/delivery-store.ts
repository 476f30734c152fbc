/** An outgoing message of a channel, kept until it is delivered or has failed for good. */
export interface Delivery {
  /** Grows with every delivery of the journal, and is never reused. */
  readonly seq: number;
  readonly channel: string;
  readonly session: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** Unix ms of the event. */
  readonly at: number;
  readonly attempts: number;
  /** Unix ms of the next try. */
  readonly nextAt: number;
  /** Unix ms of expiry, or `null`. */
  readonly expiresAt: number | null;
}

/** A pending delivery without its event, which may be long. */
export interface PendingDelivery extends Omit<Delivery, 'event'> {
  /** Bytes of the event, as JSON in UTF-8. */
  readonly bytes: number;
}

/** A delivery that is not stored yet. */
export type NewDelivery = Pick<Delivery, 'channel' | 'session' | 'event' | 'expiresAt'>;

/** How many deliveries of a channel are in the journal. */
export interface DeliveryCounts {
  /** Not sent yet. */
  readonly waiting: number;
  /** Failed for good, and kept as long as ended turns. */
  readonly givenUp: number;
}

/** The outbox of the channels. Deliveries are stored together with their event. */
export interface DeliveryStore {
  /** Pending deliveries of a channel, in order. */
  deliveries(channel: string): Promise<Delivery[]>;
  countDeliveries(channel: string): Promise<DeliveryCounts>;
  /** The oldest pending delivery of each session, those that are due first, at most `limit`. */
  nextDeliveries(channel: string, limit: number): Promise<PendingDelivery[]>;
  /** A delivery with its event; `undefined` when it is deleted. */
  findDelivery(seq: number): Promise<Delivery | undefined>;
  delivered(seq: number): Promise<void>;
  /** Records a failed try. The next one is not before `nextAt`; there is none when that is `null`. */
  deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void>;
}
