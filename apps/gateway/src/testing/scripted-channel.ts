import type { Channel } from '../channels/channel.ts';
import { ChannelHealth } from '../channels/channel-health.ts';
import type { Delivery } from '../journal/delivery-store.ts';

/** One delivery that a channel was asked to send, which the test lets arrive or fail. */
export class Sending {
  readonly text: string;
  readonly session: string;
  readonly at = Date.now();
  readonly signal: AbortSignal;
  readonly #outcome = Promise.withResolvers<void>();

  constructor(delivery: Delivery, signal: AbortSignal) {
    this.text = String(delivery.event.text);
    this.session = delivery.session;
    this.signal = signal;
  }

  get outcome(): Promise<void> {
    return this.#outcome.promise;
  }

  arrive(): void {
    this.#outcome.resolve();
  }

  fail(error: Error): void {
    this.#outcome.reject(error);
  }
}

/** A channel whose handling of each delivery the test sets. It counts simultaneous deliveries. */
export class ScriptedChannel implements Channel {
  readonly name = 'x';
  readonly health = new ChannelHealth('connecting');
  readonly sendings: Sending[] = [];
  /** What becomes of a delivery; by default it arrives. */
  onSending: (sending: Sending) => void = (sending) => sending.arrive();
  mostAtOnce = 0;
  #atOnce = 0;

  /** What was sent so far, in order. */
  get sent(): string[] {
    return this.sendings.map(({ text }) => text);
  }

  carries(): boolean {
    return true;
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const sending = new Sending(delivery, signal);
    this.sendings.push(sending);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    this.onSending(sending);
    await sending.outcome.finally(() => {
      this.#atOnce -= 1;
    });
  }

  start(): void {}

  async stop(): Promise<void> {}
}
