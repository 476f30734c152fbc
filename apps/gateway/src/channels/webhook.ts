import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Delivery } from '../journal/records.ts';
import { type Channel, DeliveryError } from './channel.ts';
import { retryAfterMs } from './retry-after.ts';

export interface WebhookOptions {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** How long one try may take. */
  readonly timeoutMs: number;
  /** Which sessions go out this way. */
  readonly carries: (session: string) => boolean;
}

/** Refusals that another try may turn: timeout, conflict, too early, too many requests. */
const PASSING = [408, 409, 425, 429];

/** Sends events to a server as signed requests, after the Standard Webhooks specification. */
export class WebhookChannel implements Channel {
  readonly name = 'webhook';
  readonly carries: (session: string) => boolean;
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #webhook: Webhook;

  /** @throws Error when the secret is not base64. */
  constructor(options: WebhookOptions) {
    this.carries = options.carries;
    this.#url = options.url;
    this.#timeoutMs = options.timeoutMs;
    this.#webhook = new Webhook(options.secret);
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const response = await this.#post(delivery, signal);
    // What a receiver says beyond its status is of no use to us, however long it is.
    await response.body?.cancel().catch(() => undefined);
    if (response.ok) return;
    const { status } = response;
    throw new DeliveryError(`the receiver answered ${status}${status >= 300 && status < 400 ? NOT_FOLLOWED : ''}`, {
      permanent: status >= 400 && status < 500 && !PASSING.includes(status),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
    });
  }

  start(): void {}

  async stop(): Promise<void> {}

  async #post(delivery: Delivery, signal: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      return await fetch(this.#url, {
        method: 'POST',
        // A signed message is for the receiver that was agreed on, and for nobody that it points to.
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
        ...this.#message(delivery, new Date()),
      });
    } catch (error) {
      if (timeout.aborted) throw new DeliveryError(`no answer within ${this.#timeoutMs / 1_000} s`);
      throw new DeliveryError(`the receiver cannot be reached: ${networkReason(error)}`);
    }
  }

  #message(delivery: Delivery, now: Date): { headers: Record<string, string>; body: string } {
    const { event, at } = delivery;
    const id = messageId(delivery);
    const body = JSON.stringify({ type: event.type, timestamp: new Date(at).toISOString(), data: event });
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'hermes-gateway',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': this.#webhook.sign(id, now, body),
    };
    return { headers, body };
  }
}

const NOT_FOLLOWED = '; redirects are not followed, the URL must be that of the receiver itself';

/** The same for each try of a delivery, and no other's: neither that of another gateway nor one of a new journal. */
function messageId({ seq, at, session, event }: Delivery): string {
  const digest = createHash('sha256').update(JSON.stringify([seq, at, session, event]));
  return `msg_${digest.digest('hex').slice(0, 32)}`;
}

/** Only the code: messages of the network name the URL, which may hold a secret. */
function networkReason(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name: string };
  return cause?.code ?? name;
}
