import { randomBytes } from 'node:crypto';
import { formatIsoDateTime } from '@hermes/drain-contract';
import { ProblemError } from '@hermes/service-kit/http';
import type { ProfileView } from '../profiles/schemas.ts';
import type { ProfileChange, VolumeWatch } from '../profiles/volume.ts';

/** Identity of the dashboard. */
export interface Origin {
  /** Name of the machine or container. */
  readonly host: string;
  /** The root home. */
  readonly home: string;
}

export const MAX_READERS = 2_000;

/** Profiles that are gone are remembered for those who resume, up to this many. */
const MAX_GONE = 1_000;

/** One event, its data serialized. */
export interface FeedEvent {
  readonly id: string;
  readonly event: 'snapshot' | 'profile' | 'removed';
  readonly data: string;
}

interface Latest {
  readonly seq: number;
  readonly event: FeedEvent;
}

/**
 * The changes of all profiles, for many readers. Of each profile only the latest state is kept, so that neither a reader
 * that is slow nor one that comes back late costs more than one entry a profile.
 */
export class EventFeed {
  readonly #volume: VolumeWatch;
  readonly #origin: Origin;
  readonly #limit: number;
  readonly #run = randomBytes(4).toString('hex');
  /** In the order of their numbers. */
  readonly #latest = new Map<string, Latest>();
  readonly #gone = new Set<string>();
  readonly #readers = new Set<FeedReader>();
  #seq = 0;
  /** A reader whose last event is older than this has missed events that are no longer known. */
  #forgotten = 0;
  #isEnded = false;

  constructor(volume: VolumeWatch, origin: Origin, limit = MAX_READERS) {
    this.#volume = volume;
    this.#origin = origin;
    this.#limit = limit;
    volume.on('change', (change) => this.#record(change));
  }

  /** Readers that are connected. */
  get size(): number {
    return this.#readers.size;
  }

  /** Follows from `lastEventId` on, or from a snapshot. @throws ProblemError 503 when too many follow. */
  open(lastEventId: string | null): FeedReader {
    if (this.#readers.size >= this.#limit) throw tooManyReaders();
    const missed = this.#since(lastEventId);
    const reader = new FeedReader(
      (name) => this.#latest.get(name)?.event,
      () => this.#readers.delete(reader),
    );
    if (missed) for (const name of missed) reader.push(name);
    else reader.begin(this.#snapshot());
    if (this.#isEnded) reader.close();
    else this.#readers.add(reader);
    return reader;
  }

  /** Ends every reader now, and each later reader after its first event. */
  end(): void {
    this.#isEnded = true;
    for (const reader of [...this.#readers]) reader.close();
  }

  #record({ name, view }: ProfileChange): void {
    this.#seq += 1;
    this.#latest.delete(name);
    this.#latest.set(name, { seq: this.#seq, event: this.#eventOf(name, view) });
    this.#gone.delete(name);
    if (view === undefined) this.#bury(name);
    for (const reader of this.#readers) reader.push(name);
  }

  #eventOf(name: string, view: ProfileView | undefined): FeedEvent {
    const id = `${this.#run}-${this.#seq}`;
    if (view === undefined) return { id, event: 'removed', data: JSON.stringify({ name }) };
    return { id, event: 'profile', data: JSON.stringify(view) };
  }

  #bury(name: string): void {
    this.#gone.add(name);
    if (this.#gone.size <= MAX_GONE) return;
    const [oldest = name] = this.#gone;
    this.#forgotten = Math.max(this.#forgotten, this.#latest.get(oldest)?.seq ?? 0);
    this.#gone.delete(oldest);
    this.#latest.delete(oldest);
  }

  /** The names that changed after `lastEventId`, or `undefined` if unknown. */
  #since(lastEventId: string | null): string[] | undefined {
    const [, run, text] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(lastEventId ?? '') ?? [];
    const last = Number(text);
    if (run !== this.#run || last < this.#forgotten || last > this.#seq) return undefined;
    return [...this.#latest].flatMap(([name, { seq }]) => (seq > last ? [name] : []));
  }

  #snapshot(): FeedEvent {
    const data = { now: formatIsoDateTime(Date.now()), ...this.#origin, profiles: this.#volume.views() };
    return { id: `${this.#run}-${this.#seq}`, event: 'snapshot', data: JSON.stringify(data) };
  }
}

/** One reader's place in the feed: the names that changed since it last asked, each once, in the order of their last change. */
export class FeedReader {
  readonly #eventOf: (name: string) => FeedEvent | undefined;
  readonly #onClose: () => void;
  readonly #changed = new Set<string>();
  readonly #closing = new AbortController();
  #first: FeedEvent | undefined;
  #news = Promise.withResolvers<void>();

  constructor(eventOf: (name: string) => FeedEvent | undefined, onClose: () => void) {
    this.#eventOf = eventOf;
    this.#onClose = onClose;
  }

  /** Aborts when it is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** The first event of a stream, before any change. */
  begin(first: FeedEvent): void {
    this.#first = first;
  }

  push(name: string): void {
    // Moves to the end: a reader that resumes after an event must have seen all earlier last changes.
    this.#changed.delete(name);
    this.#changed.add(name);
    this.#news.resolve();
  }

  close(): void {
    if (this.closed.aborted) return;
    this.#closing.abort();
    this.#onClose();
    this.#news.resolve();
  }

  /** The next event, as soon as there is one; `undefined` when it is closed. */
  async next(): Promise<FeedEvent | undefined> {
    for (;;) {
      const event = this.#take();
      if (event || this.closed.aborted) return event;
      await this.#news.promise;
      this.#news = Promise.withResolvers();
    }
  }

  #take(): FeedEvent | undefined {
    const first = this.#first;
    this.#first = undefined;
    if (first) return first;
    for (const name of this.#changed) {
      this.#changed.delete(name);
      const event = this.#eventOf(name);
      if (event) return event;
    }
    return undefined;
  }
}

function tooManyReaders(): ProblemError {
  return new ProblemError(
    503,
    'too-many-readers',
    'Too many clients follow the events',
    'Retry after the time in Retry-After.',
    {
      headers: { 'retry-after': '5' },
    },
  );
}
