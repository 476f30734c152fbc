import type { DatabaseSync } from 'node:sqlite';
import type { Journal } from '../journal.ts';
import { JournalLostError } from '../journal-lost-error.ts';
import type { PrunableTable, PruneResult, PruneStep } from '../pruning.ts';
import { SqliteDeliveryStore } from './delivery-store.ts';
import { SqliteEventStore } from './event-store.ts';
import { GroupCommit } from './group-commit.ts';
import { JournalFiles } from './journal-files.ts';
import { MIGRATIONS } from './migrations.ts';
import { SqliteNoticeStore } from './notice-store.ts';
import { openDatabase } from './open-database.ts';
import { Outgoing } from './outgoing.ts';
import { Pruner } from './pruner.ts';
import { SqliteTurnStore } from './turn-store.ts';

/** The journal in one SQLite file. This process is the only writer. */
export class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #files: JournalFiles;
  readonly #group: GroupCommit;
  readonly #pruner: Pruner;
  readonly #turns: SqliteTurnStore;
  readonly #events: SqliteEventStore;
  readonly #notices: SqliteNoticeStore;
  readonly #deliveries: SqliteDeliveryStore;
  #isClosed = false;

  /** @throws StartupError when the file cannot be used; it is then unchanged. */
  constructor(path: string) {
    const database = openDatabase(path);
    this.#database = database;
    this.#files = new JournalFiles(path);
    const group = new GroupCommit(database, () => this.#findLoss());
    const outgoing = new Outgoing(database);
    this.#group = group;
    this.#pruner = new Pruner(database);
    this.#turns = new SqliteTurnStore(database, group, outgoing);
    this.#events = new SqliteEventStore(database, group, outgoing);
    this.#notices = new SqliteNoticeStore(database, group, outgoing);
    this.#deliveries = new SqliteDeliveryStore(database, group);
  }

  readonly accept: Journal['accept'] = (turn) => this.#turns.accept(turn);
  readonly start: Journal['start'] = (id, at) => this.#turns.start(id, at);
  readonly recordAgentProcess: Journal['recordAgentProcess'] = (id, process) =>
    this.#turns.recordAgentProcess(id, process);
  readonly end: Journal['end'] = (id, end, announcement) => this.#turns.end(id, end, announcement);
  readonly answer: Journal['answer'] = (turn, announcement, drain) => this.#turns.answer(turn, announcement, drain);
  readonly find: Journal['find'] = (id) => this.#turns.find(id);
  readonly findMessage: Journal['findMessage'] = (session, messageId) => this.#turns.findMessage(session, messageId);
  readonly revise: Journal['revise'] = (id, content) => this.#turns.revise(id, content);
  readonly moveSession: Journal['moveSession'] = (from, to) => this.#turns.moveSession(from, to);
  readonly history: Journal['history'] = (id, limits) => this.#turns.history(id, limits);
  readonly cutOffTurns: Journal['cutOffTurns'] = () => this.#turns.cutOffTurns();
  readonly unfinished: Journal['unfinished'] = (after, limit) => this.#turns.unfinished(after, limit);
  readonly turns: Journal['turns'] = (query) => this.#turns.turns(query);

  readonly announce: Journal['announce'] = (announcement) => this.#events.announce(announcement);
  readonly lastEventSeq: Journal['lastEventSeq'] = (session) => this.#events.lastEventSeq(session);
  readonly eventsAfter: Journal['eventsAfter'] = (session, seq, limit, maxBytes) =>
    this.#events.eventsAfter(session, seq, limit, maxBytes);

  readonly recordNoticeOnce: Journal['recordNoticeOnce'] = (session, drain, announcement) =>
    this.#notices.recordNoticeOnce(session, drain, announcement);
  readonly notifiedDrain: Journal['notifiedDrain'] = () => this.#notices.notifiedDrain();
  readonly notifiedSessions: Journal['notifiedSessions'] = (after, limit) =>
    this.#notices.notifiedSessions(after, limit);
  readonly recordDrainEnd: Journal['recordDrainEnd'] = (session, announcement) =>
    this.#notices.recordDrainEnd(session, announcement);

  readonly deliveries: Journal['deliveries'] = (channel) => this.#deliveries.deliveries(channel);
  readonly countDeliveries: Journal['countDeliveries'] = (channel) => this.#deliveries.countDeliveries(channel);
  readonly nextDeliveries: Journal['nextDeliveries'] = (channel, limit) =>
    this.#deliveries.nextDeliveries(channel, limit);
  readonly findDelivery: Journal['findDelivery'] = (seq) => this.#deliveries.findDelivery(seq);
  readonly delivered: Journal['delivered'] = (seq) => this.#deliveries.delivered(seq);
  readonly deliveryFailed: Journal['deliveryFailed'] = (seq, nextAt, error) =>
    this.#deliveries.deliveryFailed(seq, nextAt, error);

  get commits(): number {
    return this.#group.commits;
  }

  async identity(): Promise<string> {
    return String(this.#database.prepare('SELECT id FROM identity').get()?.id);
  }

  prune(table: PrunableTable, step: PruneStep): Promise<PruneResult> {
    return this.#group.write(() => this.#pruner.prune(table, step));
  }

  probe(): Promise<void> {
    // Writes the page even if the value does not change. The write must last like that of a message, but needs no undo.
    return this.#group.write(
      () => this.#database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`),
      () => undefined,
    );
  }

  async close(): Promise<void> {
    this.#group.flush();
    this.#isClosed = true;
    this.#database.close();
  }

  /** Why a commit would be lost at the end of this process, if so. */
  #findLoss(): JournalLostError | undefined {
    // Closing deletes the log.
    if (this.#isClosed) return undefined;
    const problem = this.#files.problem();
    if (problem === undefined) return undefined;
    this.#saveLog();
    return new JournalLostError(problem);
  }

  /**
   * Without its log, the database is behind: this moves the commits to the database while this process still has the
   * log.
   */
  #saveLog(): void {
    if (!this.#files.isDatabaseThere) return;
    try {
      this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // The log cannot be read. Nothing more can be saved, and no message is accepted.
    }
  }
}
