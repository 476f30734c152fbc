import type { Logger } from '@hermes/service-kit';
import type { Refusal } from '../gate/gate.ts';
import type { EventStore } from '../journal/event-store.ts';
import type { NoticeStore } from '../journal/notice-store.ts';
import type { EventComposer } from './event-composer.ts';
import { backNotice, drainingNotice, stoppingNotice } from './texts.ts';

/** How long the news of a shutdown is news, in ms: told after the restart it would be wrong. */
const STOPPING_NEWS_MS = 60_000;

/** Sessions that are read and told at a time. */
const PAGE = 1_000;

/** Notices of a drain that wait for the disk; each takes a few KiB at most. A session beyond is notified at its next message. */
export const MAX_WAITING_NOTICES = 1_000;

/** Where a refusal does not say which drain it is about. */
const UNKNOWN_DRAIN = 'unknown';

/** Where notices are kept. */
export type NoticeLedger = NoticeStore & Pick<EventStore, 'tell'>;

/** Who is told at a shutdown. */
export interface StoppingAudience {
  /** Sessions with a running turn; always told. */
  readonly busy: readonly string[];
  /** Sessions of the operator's choice; told unless the drain asks for quiet. */
  readonly home: readonly string[];
  readonly quiet: boolean;
  /** Seconds that running turns get. */
  readonly grace: number;
}

/** Tells sessions about drains and shutdowns: each thing once, also across restarts. Never throws: news must not stop the work. */
export class Notices {
  readonly #journal: NoticeLedger;
  readonly #eventComposer: EventComposer;
  readonly #log: Logger;
  /** Sessions that this process knows to have been told about the current drain; the ledger itself is in the journal. */
  #told = new Set<string>();
  #drain = '';
  /** Everything told of drains so far: the end of one comes after all that was told of it, and before the next one. */
  #telling: Promise<unknown> = Promise.resolve();
  #releasing: Promise<unknown> = Promise.resolve();
  /** Notices of a drain that are not stored yet. */
  #waiting = 0;
  /** Those that were dropped since none waited. */
  #dropped = 0;

  constructor(journal: NoticeLedger, eventComposer: EventComposer, log: Logger) {
    this.#journal = journal;
    this.#eventComposer = eventComposer;
    this.#log = log;
  }

  /** A message of `session` came under a drain. @param stored whether it is kept for afterwards. */
  async refused(session: string, refusal: Refusal, stored: boolean): Promise<void> {
    if (refusal.reason !== 'draining') return;
    const drain = refusal.drain ?? UNKNOWN_DRAIN;
    if (drain !== this.#drain) this.#told = new Set();
    this.#drain = drain;
    if (this.#told.has(session)) return;
    if (this.#waiting >= MAX_WAITING_NOTICES) {
      this.#drop();
      return;
    }
    this.#told.add(session);
    this.#waiting += 1;
    const telling = this.#releasing.then(() => this.#tellDraining(session, refusal, stored));
    this.#telling = Promise.all([this.#telling, telling]);
    if (!(await telling)) this.#told.delete(session);
    this.#waiting -= 1;
    this.#logDropped();
  }

  #drop(): void {
    this.#dropped += 1;
    if (this.#dropped > 1) return;
    this.#log.warn(
      { waiting: this.#waiting },
      'the disk is slow: the backlog of drain notices is full; other sessions get the notice at their next message',
    );
  }

  #logDropped(): void {
    if (this.#dropped === 0 || this.#waiting > 0) return;
    this.#log.warn({ dropped: this.#dropped }, 'dropped notices of a drain because the backlog was full');
    this.#dropped = 0;
  }

  /**
   * No drain is in force: those who were told of one are told that it is over.
   * @returns false when that could not be stored for all of them; then it has to be asked again.
   */
  async released(): Promise<boolean> {
    this.#told = new Set();
    const releasing = this.#telling.then(() => this.#tellAllBack());
    this.#releasing = releasing;
    this.#telling = releasing;
    return releasing;
  }

  /** The gateway goes down. */
  async stopping(audience: StoppingAudience): Promise<void> {
    const { busy, home, quiet, grace } = audience;
    const running = new Set(busy);
    const others = quiet ? [] : [...new Set(home).difference(running)];
    await this.#safely(async () => {
      const told = [...running].map((session) => this.#tellStopping(session, true, grace));
      await Promise.all([...told, ...others.map((session) => this.#tellStopping(session, false, grace))]);
    });
  }

  #tellDraining(session: string, { drain, request }: Refusal, stored: boolean): Promise<boolean> {
    return this.#safely(async () => {
      const announcement = this.#eventComposer.notice(session, drainingNotice(request, stored), Date.now());
      const told = await this.#journal.recordNoticeOnce(session, drain ?? UNKNOWN_DRAIN, announcement);
      if (told !== undefined) this.#eventComposer.stored(session);
    });
  }

  #tellAllBack(): Promise<boolean> {
    return this.#safely(async () => {
      for (let after: string | undefined = ''; after !== undefined; ) {
        const sessions: string[] = await this.#journal.notifiedSessions(after, PAGE);
        await Promise.all(sessions.map((session) => this.#recordDrainEnd(session)));
        after = sessions.length === PAGE ? sessions.at(-1) : undefined;
      }
    });
  }

  async #recordDrainEnd(session: string): Promise<void> {
    const announcement = this.#eventComposer.notice(session, backNotice(), Date.now());
    await this.#journal.recordDrainEnd(session, announcement);
    this.#eventComposer.stored(session);
  }

  async #tellStopping(session: string, running: boolean, grace: number): Promise<void> {
    const now = Date.now();
    const notice = stoppingNotice(running, grace);
    const announcement = this.#eventComposer.notice(session, notice, now, now + STOPPING_NEWS_MS);
    await this.#journal.tell(announcement);
    this.#eventComposer.stored(session);
  }

  /** @returns whether it went well. */
  async #safely(task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      this.#log.error({ err: error }, 'a notice could not be stored');
      return false;
    }
  }
}
