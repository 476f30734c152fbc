import { EventEmitter } from 'node:events';
import type { EventStore, SessionEvent } from '../journal/event-store.ts';
import type { Journal } from '../journal/journal.ts';
import { type EventId, formatEventId } from './event-id.ts';
import { Slots } from './slots.ts';

/** Bytes that are read from the journal at a time: a slow reader keeps the unread rest of them in memory. */
const PAGE = { events: 100, bytes: 16 * 1024 } as const;

/**
 * Readers whose events are read at the same time: an event for a thousand readers must not be in memory a thousand
 * times.
 */
const READS_AT_ONCE = 4;

/** The store of the events. */
export type EventSource = EventStore & Pick<Journal, 'identity'>;

/** The position at which a reader resumes. */
export interface Resumption {
  /** The number of the last event that the reader has. */
  readonly after: number;
  /** The reader has events of another journal: all events of this one are new to it. */
  readonly isReset: boolean;
}

/** Streams the events of a session to its readers, from any point in the past. */
export class EventHub {
  readonly #journal: EventSource;
  readonly #reads = new Slots(READS_AT_ONCE);
  readonly #closing = new AbortController();
  readonly #news = new EventEmitter<Record<string, []>>().setMaxListeners(0);

  #journalId: Promise<string> | undefined;

  constructor(journal: EventSource) {
    this.#journal = journal;
  }

  /** The position from which a reader resumes after the event. */
  async idOf({ seq }: Pick<SessionEvent, 'seq'>): Promise<string> {
    return formatEventId({ journal: await this.#identity(), seq });
  }

  /** The position of a reader of `session` that has its events up to `last`. */
  async resume(session: string, last: EventId): Promise<Resumption> {
    if (last.seq === 0) return { after: 0, isReset: false };
    const [journal, seq] = await Promise.all([this.#identity(), this.#journal.lastEventSeq(session)]);
    const isKnown = last.journal === journal && last.seq <= seq;
    return isKnown ? { after: last.seq, isReset: false } : { after: 0, isReset: true };
  }

  /** The position of a reader of `session` that has all its events so far. */
  async position(session: string): Promise<string> {
    const [journal, seq] = await Promise.all([this.#identity(), this.#journal.lastEventSeq(session)]);
    return formatEventId({ journal, seq });
  }

  /** The number of readers. */
  get readers(): number {
    return this.#news.eventNames().reduce((sum, name) => sum + this.#news.listenerCount(name), 0);
  }

  /** Call it when the journal has stored an event of `session`. */
  publish(session: string): void {
    this.#news.emit(topic(session));
  }

  /** Call it when the journal may have stored events of any session. */
  publishAll(): void {
    for (const name of this.#news.eventNames()) this.#news.emit(name);
  }

  /** Ends each reader after it has read all stored events. */
  close(): void {
    this.#closing.abort();
  }

  /** Read once: it never changes. */
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
   * The events of `session` after `after`, or from now on: first the stored ones, then live ones, until `gone` aborts,
   * or the hub has closed and all stored events are sent. Every event is sent exactly once: a publication only signals
   * that there are new events, and the journal provides them in order, however slow the reader is.
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
      // Not left to the end of this generator: a blocked reader may never resume it.
      this.#news.off(topic(session), onNews);
      news.resolve();
    };
    if (signal.aborted) return;
    this.#news.on(topic(session), onNews);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let last = after ?? (await this.#journal.lastEventSeq(session));
      while (!gone.aborted) {
        // Renew the promise before reading: an event that is stored from here on is either read now, or signalled.
        const isLast = this.#closing.signal.aborted;
        news = Promise.withResolvers();
        const events = await this.#reads.run(async () =>
          gone.aborted ? [] : this.#journal.eventsAfter(session, last, PAGE.events, PAGE.bytes),
        );
        const isEmpty = events.length === 0;
        // Shifted one by one: a waiting generator keeps its variables in memory, and most readers wait.
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

/** Clients choose the names of sessions, and some names have a meaning for an emitter. */
function topic(session: string): string {
  return `session ${session}`;
}
