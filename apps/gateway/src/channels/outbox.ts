import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@hermes/service-kit';
import type { Journal } from '../journal/journal.ts';
import type { Delivery } from '../journal/records.ts';
import { type Channel, DeliveryError } from './channel.ts';

/** Bounds of one try, and of all of them; in ms where they are times. */
const LIMITS = { atOnce: 16, tryMs: 30_000, tries: 12, firstRetryMs: 1_000, lastRetryMs: 300_000 } as const;

/**
 * Sends a channel's deliveries in order, one at a time a session, until each has arrived or is given up. What is
 * pending is in the journal: neither a crash nor a channel that is down loses it, and nobody waits for it.
 */
export class Outbox {
  readonly #channel: Channel;
  readonly #journal: Journal;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  /** One try at a time for each session. */
  readonly #inFlight = new Map<string, Promise<void>>();
  #wake = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(channel: Channel, journal: Journal, log: Logger) {
    this.#channel = channel;
    this.#journal = journal;
    this.#log = log.child({ channel: channel.name });
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There is something new to send. */
  wake(): void {
    this.#wake.resolve();
  }

  /** Sends what can be sent until `bound` aborts; the rest stays for the next start. */
  async close(bound: AbortSignal): Promise<void> {
    while (!bound.aborted && (await this.#hasDue())) await this.#progress(bound);
    this.#closing.abort();
    this.wake();
    await this.#running;
    await Promise.all(this.#inFlight.values());
  }

  async #hasDue(): Promise<boolean> {
    if (this.#inFlight.size > 0) return true;
    const pending = await this.#journal.deliveries(this.#channel.name);
    return firstOfEachSession(pending).some((delivery) => delivery.nextAt <= Date.now());
  }

  async #progress(bound: AbortSignal): Promise<void> {
    const aborted = once(bound, 'abort');
    const tried = Promise.race(this.#inFlight.values());
    await Promise.race([aborted, this.#inFlight.size > 0 ? tried : new Promise(setImmediate)]);
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#wake = Promise.withResolvers<void>();
      const heads = firstOfEachSession(await this.#journal.deliveries(this.#channel.name));
      const free = heads.filter((delivery) => !this.#inFlight.has(delivery.session));
      const now = Date.now();
      const due = free.filter((delivery) => delivery.nextAt <= now);
      for (const delivery of due.slice(0, LIMITS.atOnce - this.#inFlight.size)) this.#begin(delivery);
      if (this.#inFlight.size < LIMITS.atOnce) await this.#sleep(free, now);
      else await this.#wake.promise;
    }
  }

  #begin(delivery: Delivery): void {
    const attempt = this.#try(delivery)
      .catch((error) => this.#log.error({ err: error }, 'the outbox cannot be written'))
      .finally(() => {
        this.#inFlight.delete(delivery.session);
        this.wake();
      });
    this.#inFlight.set(delivery.session, attempt);
  }

  /** Until the next delivery is due, or something has happened. */
  async #sleep(waiting: readonly Delivery[], now: number): Promise<void> {
    const next = Math.min(...waiting.map((delivery) => delivery.nextAt).filter((nextAt) => nextAt > now));
    if (!Number.isFinite(next)) return this.#wake.promise;
    const slept = new AbortController();
    const timer = delay(next - now, undefined, { signal: slept.signal, ref: false }).catch(() => undefined);
    await Promise.race([timer, this.#wake.promise]);
    slept.abort();
  }

  async #try(delivery: Delivery): Promise<void> {
    const { seq, expiresAt } = delivery;
    if (expiresAt !== null && expiresAt < Date.now()) return this.#journal.delivered(seq);
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(LIMITS.tryMs)]);
    try {
      await this.#channel.deliver(delivery, signal);
      await this.#journal.delivered(seq);
    } catch (error) {
      if (!this.#closing.signal.aborted) await this.#failed(delivery, error);
    }
  }

  async #failed(delivery: Delivery, error: unknown): Promise<void> {
    const { seq, session, attempts } = delivery;
    const failure = error instanceof DeliveryError ? error : new DeliveryError(String(error), { cause: error });
    const giveUp = failure.permanent || attempts + 1 >= LIMITS.tries;
    const backoff = Math.min(LIMITS.firstRetryMs * 2 ** attempts, LIMITS.lastRetryMs);
    const nextAt = giveUp ? null : Date.now() + (failure.retryAfterMs ?? backoff);
    const level = giveUp ? 'error' : 'warn';
    this.#log[level](
      { session, attempts: attempts + 1, reason: failure.message },
      giveUp ? 'a delivery was given up' : 'a delivery failed; it is tried again',
    );
    await this.#journal.deliveryFailed(seq, nextAt, failure.message);
  }
}

/** A session gets its messages in order: a later one waits while an earlier one is tried again. */
function firstOfEachSession(pending: readonly Delivery[]): Delivery[] {
  const first = new Map<string, Delivery>();
  for (const delivery of pending) if (!first.has(delivery.session)) first.set(delivery.session, delivery);
  return [...first.values()];
}
