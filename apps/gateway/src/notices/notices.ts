import type { Logger } from '@hermes/service-kit';
import type { Refusal } from '../gate/gate.ts';
import type { EventStore } from '../journal/event-store.ts';
import type { NoticeStore } from '../journal/notice-store.ts';
import type { EventComposer } from './event-composer.ts';
import { backNotice, drainingNotice, stoppingNotice } from './texts.ts';

/** How long a shutdown notice is valid, in ms: after the restart it would be wrong. */
const STOPPING_NEWS_MS = 60_000;

/** Number of sessions that are read and notified at a time. */
const PAGE = 1_000;

/**
 * Maximum backlog of drain notices; each takes a few KiB at most. Sessions beyond it get the notice at their next
 * message.
 */
export const MAX_WAITING_NOTICES = 1_000;

/** The drain id for a refusal that does not name its drain. */
const UNKNOWN_DRAIN = 'unknown';

/** The store of the notices. */
export type NoticeLedger = NoticeStore & Pick<EventStore, 'announce'>;

/** The recipients of a shutdown notice. */
export interface StoppingAudience {
  /** Sessions with a running turn; always notified. */
  readonly busy: readonly string[];
  /** Sessions that the operator configured; notified unless the drain is quiet. */
  readonly home: readonly string[];
  readonly quiet: boolean;
  /** Grace period of running turns, in seconds. */
  readonly grace: number;
}

/**
 * Notifies sessions about drains and shutdowns: once for each, also across restarts. Never throws: a failed notice must
 * not stop the work.
 */
export class Notices {
  readonly #journal: NoticeLedger;
  readonly #eventComposer: EventComposer;
  readonly #log: Logger;
  /** Sessions that this process has notified about the current drain; the full record is in the journal. */
  #notified = new Set<string>();
  #drain = '';
  /** Orders the notices: the end of a drain comes after all notices of that drain, and before those of the next one. */
  #telling: Promise<unknown> = Promise.resolve();
  #releasing: Promise<unknown> = Promise.resolve();
  /** Number of drain notices that are not stored yet. */
  #waiting = 0;
  /** Number of dropped notices since the backlog was last empty. */
  #dropped = 0;

  constructor(journal: NoticeLedger, eventComposer: EventComposer, log: Logger) {
    this.#journal = journal;
    this.#eventComposer = eventComposer;
    this.#log = log;
  }

  /** Call it for a message of `session` during a drain. @param stored whether the message is queued. */
  async refused(session: string, refusal: Refusal, stored: boolean): Promise<void> {
    if (refusal.reason !== 'draining') return;
    const drain = refusal.drain ?? UNKNOWN_DRAIN;
    if (drain !== this.#drain) this.#notified = new Set();
    this.#drain = drain;
    if (this.#notified.has(session)) return;
    if (this.#waiting >= MAX_WAITING_NOTICES) {
      this.#drop();
      return;
    }
    this.#notified.add(session);
    this.#waiting += 1;
    const telling = this.#releasing.then(() => this.#notifyDraining(session, refusal, stored));
    this.#telling = Promise.all([this.#telling, telling]);
    if (!(await telling)) this.#notified.delete(session);
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
   * Call it when no drain is in force: notifies the sessions with a drain notice of the end.
   * @returns false if that could not be stored for all of them; then call it again.
   */
  async released(): Promise<boolean> {
    this.#notified = new Set();
    const releasing = this.#telling.then(() => this.#notifyDrainEnd());
    this.#releasing = releasing;
    this.#telling = releasing;
    return releasing;
  }

  /** Call it at a shutdown. */
  async stopping(audience: StoppingAudience): Promise<void> {
    const { busy, home, quiet, grace } = audience;
    const running = new Set(busy);
    const others = quiet ? [] : [...new Set(home).difference(running)];
    await this.#safely(async () => {
      const notices = [...running].map((session) => this.#notifyStopping(session, true, grace));
      await Promise.all([...notices, ...others.map((session) => this.#notifyStopping(session, false, grace))]);
    });
  }

  #notifyDraining(session: string, { drain, request }: Refusal, stored: boolean): Promise<boolean> {
    return this.#safely(async () => {
      const announcement = this.#eventComposer.notice(session, drainingNotice(request, stored), Date.now());
      const seq = await this.#journal.recordNoticeOnce(session, drain ?? UNKNOWN_DRAIN, announcement);
      if (seq !== undefined) this.#eventComposer.stored(session);
    });
  }

  #notifyDrainEnd(): Promise<boolean> {
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

  async #notifyStopping(session: string, running: boolean, grace: number): Promise<void> {
    const now = Date.now();
    const notice = stoppingNotice(running, grace);
    const announcement = this.#eventComposer.notice(session, notice, now, now + STOPPING_NEWS_MS);
    await this.#journal.announce(announcement);
    this.#eventComposer.stored(session);
  }

  /** @returns whether it succeeded. */
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
