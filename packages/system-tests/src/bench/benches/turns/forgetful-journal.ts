import type { Journal } from '@hermes/gateway/build/journal/journal.js';
import type { PruneResult } from '@hermes/gateway/build/journal/pruning.js';
import type { OpenStatus, TurnRecord } from '@hermes/gateway/build/journal/turn-store.js';

/** Says that it has stored what it was given, and forgets it. */
export class ForgetfulJournal implements Journal {
  readonly commits = 0;
  #events = 0;

  async accept({ status }: TurnRecord): Promise<OpenStatus> {
    return status as OpenStatus;
  }

  async probe(): Promise<void> {}

  async start(): Promise<{ text: string; form: null }> {
    return { text: '', form: null };
  }

  async recordAgentProcess(): Promise<void> {}

  async cutOffTurns(): Promise<[]> {
    return [];
  }

  async end(): Promise<number> {
    return this.announce();
  }

  async answer(): Promise<number> {
    return this.announce();
  }

  async find(): Promise<undefined> {}

  async findMessage(): Promise<undefined> {}

  async revise(): Promise<boolean> {
    return false;
  }

  async moveSession(): Promise<void> {}

  async history(): Promise<[]> {
    return [];
  }

  async unfinished(): Promise<[]> {
    return [];
  }

  async turns(): Promise<[]> {
    return [];
  }

  async recordNoticeOnce(): Promise<number> {
    return this.announce();
  }

  async identity(): Promise<string> {
    return '0'.repeat(12);
  }

  async notifiedDrain() {
    return null;
  }

  async notifiedSessions(): Promise<[]> {
    return [];
  }

  async recordDrainEnd(): Promise<number> {
    return this.announce();
  }

  async announce(): Promise<number> {
    this.#events += 1;
    return this.#events;
  }

  async lastEventSeq(): Promise<number> {
    return this.#events;
  }

  async eventsAfter(): Promise<[]> {
    return [];
  }

  async deliveries(): Promise<[]> {
    return [];
  }

  async countDeliveries() {
    return { waiting: 0, givenUp: 0 };
  }

  async nextDeliveries(): Promise<[]> {
    return [];
  }

  async findDelivery(): Promise<undefined> {}

  async delivered(): Promise<void> {}

  async deliveryFailed(): Promise<void> {}

  async prune(): Promise<PruneResult> {
    return { forgotten: 0, next: null };
  }

  async close(): Promise<void> {}
}
