import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, withTimeout } from '@hermes/service-kit';
import { WebhookSender } from '@hermes/service-kit/webhook';
import type { WebhookMessage } from './message.ts';

/** Bounds; in ms where they are times. */
export interface OutboxLimits {
  readonly queue: number;
  readonly tryMs: number;
  readonly tries: number;
  /** The first and the longest pause between attempts; each pause is twice as long as the previous one. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** The timeout for pending messages at shutdown. */
  readonly farewellMs: number;
}

const LIMITS: OutboxLimits = {
  queue: 1_000,
  tryMs: 10_000,
  tries: 15,
  firstRetryMs: 1_000,
  lastRetryMs: 60_000,
  farewellMs: 1_000,
};

export interface OutboxOptions {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly logger: Logger;
  readonly limits?: Partial<OutboxLimits>;
}

interface Pending {
  /** By the monotonic clock, in ms. */
  readonly since: number;
  readonly ended: PromiseWithResolvers<void>;
}

/** Sends messages to a controller one after another, as signed requests after the Standard Webhooks specification. */
export class WebhookOutbox {
  readonly #sender: WebhookSender;
  readonly #logger: Logger;
  readonly #limits: OutboxLimits;
  readonly #queue: WebhookMessage[] = [];
  /** Pending messages by their id. */
  readonly #pending = new Map<string, Pending>();
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  /** Called for each message that was delivered or dropped. */
  onEnd: (message: WebhookMessage, outcome: 'sent' | 'failed') => void = () => undefined;

  constructor({ url, secret, logger, limits }: OutboxOptions) {
    this.#logger = logger;
    this.#limits = { ...LIMITS, ...limits };
    this.#sender = new WebhookSender({ url, secret, userAgent: 'hermes-dashboard', timeoutMs: this.#limits.tryMs });
  }

  /** Never throws, never waits. When the queue is full, the oldest message is dropped. */
  push(message: WebhookMessage): void {
    if (this.#closing.signal.aborted) return;
    this.#queue.push(message);
    const pending = { since: performance.now(), ended: Promise.withResolvers<void>() };
    if (!this.#pending.has(message.id)) this.#pending.set(message.id, pending);
    const surplus = this.#queue.length > this.#limits.queue ? this.#queue.shift() : undefined;
    if (surplus) this.#end(surplus, 'failed', 'too many wait');
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when the message was delivered or dropped, at once if there is none; at most `ms` after it was pushed. */
  async ended(id: string, ms: number): Promise<void> {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    const left = Math.max(0, pending.since + ms - performance.now());
    await withTimeout(pending.ended.promise, left, () => undefined);
  }

  /** Sends pending messages within a timeout and drops the rest. */
  async close(): Promise<void> {
    if (this.#running) await withTimeout(this.#running, this.#limits.farewellMs, () => undefined);
    this.#closing.abort();
    await this.#running;
    for (const message of this.#queue.splice(0)) this.#end(message, 'failed', 'the dashboard ends');
  }

  async #run(): Promise<void> {
    for (let message = this.#queue.shift(); message; message = this.#queue.shift()) await this.#send(message);
  }

  async #send(message: WebhookMessage): Promise<void> {
    const { tries, firstRetryMs, lastRetryMs } = this.#limits;
    let reason = '';
    for (let count = 0; count < tries; count += 1) {
      const result = await this.#sender.send(message.id, message.body, this.#closing.signal);
      if (result.outcome === 'sent') return this.#end(message, 'sent', '');
      reason = result.reason;
      if (this.#closing.signal.aborted || result.outcome === 'failed') break;
      this.#logger.warn({ id: message.id, type: message.type, reason }, 'webhook delivery failed; it will be retried');
      const wait = Math.max(Math.min(firstRetryMs * 2 ** count, lastRetryMs), result.retryAfterMs ?? 0);
      await delay(wait, undefined, { ref: false, signal: this.#closing.signal }).catch(() => undefined);
    }
    this.#end(message, 'failed', reason);
  }

  #end(message: WebhookMessage, outcome: 'sent' | 'failed', reason: string): void {
    const { id, type } = message;
    if (outcome === 'failed') this.#logger.error({ id, type, reason }, 'webhook delivery failed permanently');
    this.#pending.get(id)?.ended.resolve();
    this.#pending.delete(id);
    this.onEnd(message, outcome);
  }
}
