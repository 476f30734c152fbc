import { EventEmitter } from 'node:events';
import type { Journal } from '../journal/journal.ts';
import type { SessionEvent } from '../journal/records.ts';

/** How many events are read from the journal at a time. */
const PAGE = 100;

/** A reader that is this many events behind gets the rest from the journal, not from memory. */
const MAX_BACKLOG = 100;

/** Tells the readers of a session what happens in it, from any point in the past on. */
export class EventHub {
  readonly #journal: Journal;
  readonly #closing = new AbortController();
  readonly #live = new EventEmitter<Record<string, [SessionEvent]>>().setMaxListeners(0);

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Passes on an event that the journal has stored. */
  publish(event: SessionEvent): void {
    this.#live.emit(topic(event.session), event);
  }

  /** Ends every reader. */
  close(): void {
    this.#closing.abort();
  }

  /**
   * The events of `session` after `after`, or from now on: first the stored ones, then live, until `gone` aborts or
   * the hub closes. None is missed or doubled.
   */
  async *follow(session: string, after: number | undefined, gone: AbortSignal): AsyncIterable<SessionEvent> {
    const signal = AbortSignal.any([gone, this.#closing.signal]);
    const backlog: SessionEvent[] = [];
    let behind = after !== undefined;
    let wake = Promise.withResolvers<void>();
    const onEvent = (event: SessionEvent): void => {
      if (backlog.length < MAX_BACKLOG) backlog.push(event);
      else behind = true;
      wake.resolve();
    };
    const onAbort = (): void => wake.resolve();
    this.#live.on(topic(session), onEvent);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let last = after ?? (await this.#journal.lastEventSeq());
      while (!signal.aborted) {
        wake = Promise.withResolvers<void>();
        let next = backlog.splice(0);
        if (behind) {
          // Lowered first: an event that overflows during the read raises it again.
          behind = false;
          next = await this.#journal.eventsAfter(session, last, PAGE);
          if (next.length === PAGE) behind = true;
        }
        for (const event of next) {
          if (event.seq <= last) continue;
          last = event.seq;
          yield event;
          if (signal.aborted) return;
        }
        if (!behind && backlog.length === 0) await wake.promise;
      }
    } finally {
      this.#live.off(topic(session), onEvent);
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** Sessions are named by strangers; some names mean something to an emitter. */
function topic(session: string): string {
  return `session ${session}`;
}
