import type { Delivery } from '../journal/delivery-store.ts';
import type { ChannelHealth } from './channel-health.ts';

/** A message from a channel. */
export interface IncomingMessage {
  readonly session: string;
  readonly text: string;
  readonly messageId: string;
  /** The name of the bot that got it, by which people address it in groups. */
  readonly bot?: string | undefined;
}

/** Accepts an incoming message. Resolves when it is stored or refused for good: the channel may then drop it. */
export type Receive = (message: IncomingMessage) => Promise<void>;

/** A connection to users other than the HTTP API. */
export interface Channel {
  readonly name: string;
  readonly health: ChannelHealth;
  /** Whether people write to it: then it alone knows who speaks for its sessions. Default: no. */
  readonly receives?: boolean;
  /** Whether this channel delivers the events of the session. */
  carries(session: string): boolean;
  /**
   * Sends one delivery. Ends soon after `signal` aborts.
   * @throws DeliveryError when the delivery failed.
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /**
   * Starts receiving, if the channel can receive, also after {@link stop}. Must not block: connecting to a channel that
   * is down is retried in the background.
   */
  start(receive: Receive): void;
  /** Stops receiving. Settles within the bound of `signal`, whatever the remote side does. */
  stop(signal: AbortSignal): Promise<void>;
}

/** Why a delivery failed, and whether a retry may help. */
export class DeliveryError extends Error {
  readonly permanent: boolean;
  /** Ms before the next retry, if the remote side asks for a delay. */
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
