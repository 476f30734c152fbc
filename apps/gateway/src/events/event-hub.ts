import { EventEmitter } from 'node:events';
import type { EventStore, SessionEvent } from '../journal/event-store.ts';
import type { Journal } from '../journal/journal.ts';
import { type EventId, formatEventId } from './event-id.ts';
import { Slots } from './slots.ts';

/** How much is read from the journal at a time: a reader that is slow holds what it has not taken of it. */
const PAGE = { events: 100, bytes: 16 * 1024 } as const;

/** Readers whose events are read at the same moment: an event for a thousand readers is not in memory a thousand times. */
const READS_AT_ONCE = 4;

/** Where events are kept. */
export type EventSource = EventStore & Pick<Journal, 'identity'>;

/** Where a reader resumes. */
export interface Resumption {
  /** The number of the last event that it has. */
  readonly after: number;
  /** It has events of another journal: all that are kept in this one are new to it. */
  readonly isReset: boolean;
}

/** Tells the readers of a session what happens in it, from any point in the past on. */
export class EventHub {
  readonly #journal: EventSource;
  readonly #reads = new Slots(READS_AT_ONCE);
  readonly #closing = new AbortController();
  readonly #news = new EventEmitter<Record<string, []>>().setMaxListeners(0);

  #journalId: Promise<string> | undefined;

  constructor(journal: EventSource) {
    this.#journal = journal;
  }

  /** What a reader resumes from after the event. */
  async idOf({ seq }: Pick<SessionEvent, 'seq'>): Promise<string> {
    return formatEventId({ journal: await this.#identity(), seq });
  }

  /** Where a reader of `session` resumes that has its events up to `last`. */
  async resume(session: string, last: EventId): Promise<Resumption> {
    if (last.seq === 0) return { after: 0, isReset: false };
    const [journal, seq] = await Promise.all([this.#identity(), this.#journal.lastEventSeq(session)]);
    const isKnown = last.journal === journal && last.seq <= seq;
    return isKnown ? { after: last.seq, isReset: false } : { after: 0, isReset: true };
  }

  /** How many readers there are. */
  get readers(): number {
    return this.#news.eventNames().reduce((sum, name) => sum + this.#news.listenerCount(name), 0);
  }

  /** Says that the journal has stored an event of `session`. */
  publish(session: string): void {
    this.#news.emit(topic(session));
  }

  /** Ends every reader that has read what is stored. */
  close(): void {
    this.#closing.abort();
  }

  /** Asked for once: it stays the same. */
  #identity(): Promise<string> {
    if (this.#journalId === undefined) {
      const identity = this.#journal.identity();
      identity.catch(() => {
        this.#journalId = undefined;
      });
      this.#journalId = identity;
    }
    return this.#journalId;
  }

  /**
   * The events of `session` after `after`, or from now on: first the stored ones, then live, until `gone` aborts, or
   * the hub has closed and all that is stored is told. None is missed or doubled: what is published only says that
   * there is news, and all of it is read from the journal, in its order, however slow the reader.
   */
  async *follow(
    session: string,
    after: number | undefined,
    gone: AbortSignal,
  ): AsyncGenerator<SessionEvent, void, undefined> {
    const signal = AbortSignal.any([gone, this.#closing.signal]);
    let news = Promise.withResolvers<void>();
    const onNews = (): void => news.resolve();
    const onAbort = (): void => {
      // Not left to the end of this generator: a reader that is stuck may never come back for it.
      this.#news.off(topic(session), onNews);
      news.resolve();
    };
    if (signal.aborted) return;
    this.#news.on(topic(session), onNews);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let last = after ?? (await this.#journal.lastEventSeq(session));
      while (!gone.aborted) {
        // Looked at before reading, as the promise is renewed: what is stored from here on is either read now, or announced.
        const isLast = this.#closing.signal.aborted;
        news = Promise.withResolvers();
        const events = await this.#reads.run(async () =>
          gone.aborted ? [] : this.#journal.eventsAfter(session, last, PAGE.events, PAGE.bytes),
        );
        const isEmpty = events.length === 0;
        // Taken out one by one: a generator holds what its variables hold for as long as it waits, and most readers wait.
        for (let event = events.shift(); event; event = events.shift()) {
          if (gone.aborted) return;
          last = event.seq;
          yield event;
        }
        if (!isEmpty) continue;
        if (isLast) return;
        await news.promise;
      }
    } finally {
      this.#news.off(topic(session), onNews);
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** Sessions are named by strangers; some names mean something to an emitter. */
function topic(session: string): string {
  return `session ${session}`;
}
