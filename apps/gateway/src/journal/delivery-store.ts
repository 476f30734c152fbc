/** A message on its way out through a channel, kept until it has arrived or is given up. */
export interface Delivery {
  /** Grows with every delivery of the journal, and is never given twice. */
  readonly seq: number;
  readonly channel: string;
  readonly session: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** Unix ms; when the thing happened that it tells. */
  readonly at: number;
  readonly attempts: number;
  /** Unix ms; not tried before. */
  readonly nextAt: number;
  /** Unix ms after which it makes no sense any more, or `null`. */
  readonly expiresAt: number | null;
}

/** A delivery that has not arrived, without what it tells, which may be long. */
export interface PendingDelivery extends Omit<Delivery, 'event'> {
  /** Of what it tells, as JSON in UTF-8. */
  readonly bytes: number;
}

/** A delivery before it has its place in the journal. */
export type NewDelivery = Pick<Delivery, 'channel' | 'session' | 'event' | 'expiresAt'>;

/** The outbox: what goes out through channels. Deliveries are stored with the event that they tell. */
export interface DeliveryStore {
  /** Deliveries of a channel that have not arrived, in order. */
  deliveries(channel: string): Promise<Delivery[]>;
  /** The oldest of each session among them, those that are due first, at most `limit`. */
  nextDeliveries(channel: string, limit: number): Promise<PendingDelivery[]>;
  /** A delivery with what it tells; `undefined` when it is not kept any more. */
  findDelivery(seq: number): Promise<Delivery | undefined>;
  delivered(seq: number): Promise<void>;
  /** A try failed; the next one is not before `nextAt`, or never when that is `null`. */
  deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void>;
}
