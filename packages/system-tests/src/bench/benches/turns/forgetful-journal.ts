import type { Announcement, Journal } from '@hermes/gateway/dist/journal/journal.js';
import type { SessionEvent, TurnEnd } from '@hermes/gateway/dist/journal/records.js';

/** Says that it has stored what it was given, and forgets it. */
export class ForgetfulJournal implements Journal {
  readonly commits = 0;
  #events = 0;

  async accept(): Promise<void> {}

  async start(): Promise<void> {}

  async end(_id: string, _end: TurnEnd, announcement: Announcement): Promise<SessionEvent> {
    return this.tell(announcement);
  }

  async find(): Promise<undefined> {}

  async findMessage(): Promise<undefined> {}

  async unfinished(): Promise<[]> {
    return [];
  }

  async turns(): Promise<[]> {
    return [];
  }

  async tellOnce(_session: string, _drain: string, announcement: Announcement): Promise<SessionEvent> {
    return this.tell(announcement);
  }

  async toldSessions(): Promise<[]> {
    return [];
  }

  async tellBack(_session: string, announcement: Announcement): Promise<SessionEvent> {
    return this.tell(announcement);
  }

  async tell({ event }: Announcement): Promise<SessionEvent> {
    this.#events += 1;
    return { seq: this.#events, ...event };
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

  async nextDeliveries(): Promise<[]> {
    return [];
  }

  async delivered(): Promise<void> {}

  async deliveryFailed(): Promise<void> {}

  async prune(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {}
}
