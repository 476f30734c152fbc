import type { Logger } from '@hermes/service-kit';
import type { Journal } from '../journal/journal.ts';
import type { TurnEngine } from '../turns/engine.ts';
import type { Channel, IncomingMessage } from './channel.ts';
import { Outbox } from './outbox.ts';

/** The channels, each with its outbox. */
export class Switchboard {
  readonly outboxes: ReadonlyMap<Channel, Outbox>;

  constructor(channels: readonly Channel[], journal: Journal, log: Logger) {
    this.outboxes = new Map(channels.map((channel) => [channel, new Outbox(channel, journal, log)]));
  }

  /** Begins to send, and to receive for `engine`. */
  start(engine: TurnEngine): void {
    for (const [channel, outbox] of this.outboxes) {
      outbox.start();
      channel.start((message) => receive(engine, message));
    }
  }

  /** Ends receiving; sending goes on. */
  async stopReceiving(bound: AbortSignal): Promise<void> {
    await Promise.allSettled([...this.outboxes.keys()].map((channel) => channel.stop(bound)));
  }

  /** Sends what can be sent until `bound` aborts, and ends. */
  async close(bound: AbortSignal): Promise<void> {
    await Promise.allSettled([...this.outboxes.values()].map((outbox) => outbox.close(bound)));
  }
}

/** @throws Error when the channel has to keep the message: it comes again, after a restart if need be. */
async function receive(engine: TurnEngine, message: IncomingMessage): Promise<void> {
  const submission = await engine.submit({ ...message, kind: 'external' });
  // Under a drain the sender has been told what becomes of the message.
  const settled = submission.kind !== 'refused' || submission.refusal.reason === 'draining';
  if (settled && submission.kind !== 'overloaded' && submission.kind !== 'unstored') return;
  throw new Error(`not now: ${submission.kind === 'refused' ? submission.refusal.reason : submission.kind}`);
}
