import type { Delivery } from '../journal/delivery-store.ts';

/** A message that came in through a channel. */
export interface IncomingMessage {
  readonly session: string;
  readonly text: string;
  readonly messageId: string;
}

/** Takes an incoming message. Fulfilled when it is stored or refused for good: the channel may then forget it. */
export type Receive = (message: IncomingMessage) => Promise<void>;

/** A way to people other than the HTTP API. */
export interface Channel {
  readonly name: string;
  /** Whether what is told to this session goes out through this channel. */
  carries(session: string): boolean;
  /**
   * Sends one delivery. Ends soon after `signal` aborts.
   * @throws DeliveryError when it did not arrive.
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /** Begins to receive, for channels that do. Must not block: a channel that is down is tried again in the background. */
  start(receive: Receive): void;
  /** Ends receiving. Settles within the bound that `signal` sets, whatever the other side does. */
  stop(signal: AbortSignal): Promise<void>;
}

/** Why a delivery did not arrive, and whether another try may help. */
export class DeliveryError extends Error {
  readonly permanent: boolean;
  /** Ms to wait before the next try, when the other side said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { permanent?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryError';
    this.permanent = options.permanent ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
