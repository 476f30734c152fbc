import { abortAfter, backoffMs, type Logger } from '@hermes/service-kit';
import type { Delivery, DeliveryStore, PendingDelivery } from '../journal/delivery-store.ts';
import { type Channel, DeliveryError } from './channel.ts';
import { OUTBOX_LIMITS, type OutboxLimits } from './outbox-limits.ts';
import { pause, settledOrAborted, unlessAborted } from './until-aborted.ts';

/** Wall clocks jump, and timers have a maximum; a longer wait checks again after this. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Sends a channel's deliveries in order, one at a time per session, until each is delivered or failed for good. Pending
 * deliveries are in the journal: a crash or a channel that is down loses none, and no request waits for them.
 */
export class Outbox {
  readonly #channel: Channel;
  readonly #journal: DeliveryStore;
  readonly #log: Logger;
  readonly #limits: OutboxLimits;
  #closing = new AbortController();
  /** One try at a time for each session. */
  readonly #inFlight = new Map<string, Promise<void>>();
  #inFlightBytes = 0;
  #news = new AbortController();
  /** Whether it stops as soon as nothing is due. */
  #finishing = false;
  #running: Promise<void> = Promise.resolve();

  constructor(channel: Channel, journal: DeliveryStore, log: Logger, limits: Partial<OutboxLimits> = {}) {
    this.#channel = channel;
    this.#journal = journal;
    this.#log = log.child({ channel: channel.name });
    this.#limits = { ...OUTBOX_LIMITS, ...limits };
  }

  /** Starts, also after {@link close}. */
  start(): void {
    this.#closing = new AbortController();
    this.#finishing = false;
    this.#running = this.#run();
  }

  /** Call it when a new delivery is stored. */
  wake(): void {
    this.#news.abort();
  }

  /** Sends until `bound` aborts, whatever the channel does; the next start sends the rest. */
  async close(bound: AbortSignal): Promise<void> {
    this.#finishing = true;
    this.wake();
    await settledOrAborted(this.#running, bound);
    this.#closing.abort();
    this.wake();
    const grace = AbortSignal.timeout(this.#limits.closeGraceMs);
    await settledOrAborted(Promise.all([this.#running, ...this.#inFlight.values()]), grace);
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#news = new AbortController();
      try {
        const wait = await this.#beginDue();
        if (this.#finishing && this.#inFlight.size === 0) return;
        await pause(wait, this.#news.signal);
      } catch (error) {
        this.#log.error({ err: error }, 'the outbox cannot be read; retrying');
        await pause(this.#limits.firstRetryMs, this.#closing.signal);
      }
    }
  }

  /** Starts due deliveries. @returns ms until the next check. */
  async #beginDue(): Promise<number> {
    const { atOnce, atOnceBytes } = this.#limits;
    // The limit covers those in flight: this many fill every slot, and leave one to wait for.
    const heads = await this.#journal.nextDeliveries(this.#channel.name, 2 * atOnce + 1);
    const now = Date.now();
    const free = heads.filter((delivery) => !this.#inFlight.has(delivery.session));
    for (const delivery of free) {
      if (this.#inFlight.size >= atOnce) break;
      if (delivery.nextAt > now) return Math.min(delivery.nextAt - now, LONGEST_SLEEP_MS);
      // No delivery overtakes one that waits for memory, which would otherwise wait for ever.
      if (this.#inFlight.size > 0 && this.#inFlightBytes + delivery.bytes > atOnceBytes) break;
      this.#begin(delivery);
    }
    return LONGEST_SLEEP_MS;
  }

  #begin(pending: PendingDelivery): void {
    this.#inFlightBytes += pending.bytes;
    const attempt = this.#try(pending).finally(() => {
      this.#inFlight.delete(pending.session);
      this.#inFlightBytes -= pending.bytes;
      this.wake();
    });
    this.#inFlight.set(pending.session, attempt);
  }

  async #try(pending: PendingDelivery): Promise<void> {
    const { seq, expiresAt } = pending;
    if (expiresAt !== null && expiresAt < Date.now()) return this.#record(() => this.#journal.delivered(seq));
    const delivery = await this.#read(seq);
    if (delivery === undefined) return;
    const signal = abortAfter(this.#limits.tryMs, this.#closing.signal);
    try {
      await unlessAborted(this.#channel.deliver(delivery, signal), signal);
    } catch (error) {
      if (!this.#closing.signal.aborted) await this.#failed(pending, error);
      return;
    }
    await this.#record(() => this.#journal.delivered(seq));
  }

  /** Reads a delivery; `undefined` when it cannot be read now, or is deleted: the outbox then looks for it again. */
  async #read(seq: number): Promise<Delivery | undefined> {
    try {
      return await this.#journal.findDelivery(seq);
    } catch (error) {
      this.#log.error({ err: error }, 'a delivery cannot be read; retrying');
      await pause(this.#limits.firstRetryMs, this.#closing.signal);
      return undefined;
    }
  }

  async #failed(pending: PendingDelivery, error: unknown): Promise<void> {
    const { seq, session, attempts, expiresAt } = pending;
    const { tries, firstRetryMs, longestWaitMs } = this.#limits;
    const failure = error instanceof DeliveryError ? error : new DeliveryError(String(error), { cause: error });
    const giveUp = failure.permanent || attempts + 1 >= tries;
    const asked = Math.min(
      Math.max(failure.retryAfterMs ?? backoffMs(attempts, this.#limits), firstRetryMs),
      longestWaitMs,
    );
    // A delivery that would expire must not block the next one any longer.
    const nextAt = giveUp ? null : Math.min(Date.now() + asked, (expiresAt ?? Number.POSITIVE_INFINITY) + 1);
    this.#log[giveUp ? 'error' : 'warn'](
      { session, attempts: attempts + 1, reason: failure.message },
      giveUp ? 'a delivery failed for good and is dropped' : 'a delivery failed; retrying',
    );
    await this.#record(() => this.#journal.deliveryFailed(seq, nextAt, failure.message));
  }

  /**
   * Retries until the result is stored. Its session waits: without the record, the same message would be sent again.
   */
  async #record(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#log.error({ err: error }, 'the outbox cannot be written; retrying');
        await pause(this.#limits.firstRetryMs, this.#closing.signal);
      }
    }
  }
}
