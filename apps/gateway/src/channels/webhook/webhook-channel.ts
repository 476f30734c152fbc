import { createHash } from 'node:crypto';
import { WebhookSender } from '@hermes/service-kit/webhook';
import type { Delivery } from '../../journal/delivery-store.ts';
import { type Channel, DeliveryError } from '../channel.ts';
import { ChannelHealth } from '../channel-health.ts';

export interface WebhookOptions {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** Timeout of one try. */
  readonly timeoutMs: number;
  /** The sessions whose events this channel delivers. */
  readonly carries: (session: string) => boolean;
}

/** Sends events to a server as signed requests, following the Standard Webhooks specification. */
export class WebhookChannel implements Channel {
  readonly name = 'webhook';
  readonly health = new ChannelHealth('idle');
  readonly carries: (session: string) => boolean;
  readonly #sender: WebhookSender;

  /** @throws Error when the secret is not base64. */
  constructor({ carries, ...receiver }: WebhookOptions) {
    this.carries = carries;
    this.#sender = new WebhookSender({ ...receiver, userAgent: 'hermes-gateway' });
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { event, at } = delivery;
    const body = JSON.stringify({ type: event.type, timestamp: new Date(at).toISOString(), data: event });
    const result = await this.#sender.send(messageId(delivery), body, signal);
    if (result.outcome === 'sent') this.health.become('connected');
    // An attempt that was broken off says nothing about the receiver.
    else if (!signal.aborted) this.health.become('failing', result.reason);
    if (result.outcome === 'failed') throw new DeliveryError(result.reason, { permanent: true });
    if (result.outcome === 'retry') throw new DeliveryError(result.reason, { retryAfterMs: result.retryAfterMs });
  }

  start(): void {
    this.health.become('idle');
  }

  async stop(): Promise<void> {}
}

/** The same for each try of a delivery, and unique: no other gateway and no later journal produces it. */
function messageId({ seq, at, session, event }: Delivery): string {
  const digest = createHash('sha256').update(JSON.stringify([seq, at, session, event]));
  return `msg_${digest.digest('hex').slice(0, 32)}`;
}
