import { Webhook } from 'standardwebhooks';
import { abortAfter } from '../abort-after.ts';
import { TimeoutError } from '../with-timeout.ts';
import { retryAfterMs } from './retry-after.ts';

export interface WebhookSenderOptions {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** The name of the program. */
  readonly userAgent: string;
  /** How long one attempt may take, in ms. */
  readonly timeoutMs: number;
}

/** The result of one attempt. A reason contains neither the URL nor the secret. */
export type SendResult =
  | { readonly outcome: 'sent' }
  /** A retry may succeed, after this many ms if the receiver asked for a delay. */
  | { readonly outcome: 'retry'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** The receiver rejects this message. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** Temporary client errors: timeout, conflict, too early, too many requests. */
const TEMPORARY = [408, 409, 425, 429];

/**
 * Sends messages as signed requests.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #webhook: Webhook;

  /** @throws Error when the secret is not base64. */
  constructor(options: WebhookSenderOptions) {
    this.#options = options;
    this.#webhook = new Webhook(options.secret);
  }

  /**
   * Sends a message once. Never rejects; ends soon after `signal` aborts.
   * @param id is the same at each attempt, by which the receiver recognises the message.
   */
  async send(id: string, body: string, signal: AbortSignal): Promise<SendResult> {
    const bound = abortAfter(this.#options.timeoutMs, signal);
    try {
      const response = await this.#post(id, body, bound);
      // Only the status of the response matters; the body is discarded.
      await response.body?.cancel().catch(() => undefined);
      return judge(response);
    } catch (error) {
      const reason =
        bound.reason instanceof TimeoutError
          ? `no answer within ${this.#options.timeoutMs / 1_000} s`
          : `the receiver cannot be reached: ${networkReason(error)}`;
      return { outcome: 'retry', reason };
    }
  }

  #post(id: string, body: string, signal: AbortSignal): Promise<Response> {
    const now = new Date();
    return fetch(this.#options.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': this.#options.userAgent,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': this.#webhook.sign(id, now, body),
      },
      // A signed message is for the configured receiver only; redirects are not followed.
      redirect: 'manual',
      signal,
    });
  }
}

function judge({ ok, status, headers }: Response): SendResult {
  if (ok) return { outcome: 'sent' };
  const reason = `the receiver answered ${status}${status >= 300 && status < 400 ? NOT_FOLLOWED : ''}`;
  if (status >= 400 && status < 500 && !TEMPORARY.includes(status)) return { outcome: 'failed', reason };
  return { outcome: 'retry', reason, retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()) };
}

const NOT_FOLLOWED = '; redirects are not followed, the URL must be that of the receiver itself';

/** Only the code: messages of the network name the URL, which may hold a secret. */
function networkReason(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name: string };
  return cause?.code ?? name;
}
