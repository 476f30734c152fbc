import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { GroupCommit } from './group-commit.ts';
import { type Announcement, type Journal, NO_SUCH_TURN } from './journal.ts';
import { JournalFiles } from './journal-files.ts';
import { JournalLostError } from './journal-lost-error.ts';
import { MIGRATIONS } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { prune } from './prune.ts';
import type {
  AgentProcess,
  CutOffTurn,
  Delivery,
  PendingDelivery,
  PrunableTable,
  PruneResult,
  PruneStep,
  SessionEvent,
  TurnEnd,
  TurnQuery,
  TurnRecord,
  UnfinishedTurn,
} from './records.ts';
import {
  cutOffTurnFromRow,
  deliveryFromRow,
  eventFromRow,
  pendingDeliveryFromRow,
  TURN_COLUMNS,
  turnFromRow,
  unfinishedFromRow,
} from './rows.ts';
import { prepareStatements, type Statements } from './statements.ts';

/** The journal in one SQLite file, which this process alone writes. */
export class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #files: JournalFiles;
  readonly #group: GroupCommit;
  readonly #sql: Statements;
  #isClosed = false;

  /** @throws StartupError when the file cannot be used; it is then untouched. */
  constructor(path: string) {
    this.#database = openDatabase(path);
    this.#files = new JournalFiles(path);
    this.#group = new GroupCommit(this.#database, () => this.#findLoss());
    this.#sql = prepareStatements(this.#database);
  }

  get commits(): number {
    return this.#group.commits;
  }

  accept(turn: TurnRecord): Promise<void> {
    const { id, session, messageId, kind, fingerprint, text, status, attempts, acceptedAt, startedAt } = turn;
    return this.#group.write(
      () => {
        const end = [null, null, acceptedAt, startedAt, null];
        this.#sql.accept.run(id, session, messageId, kind, fingerprint, text, status, attempts, ...end);
      },
      () => {
        this.#sql.discard.run(id);
      },
    );
  }

  start(id: string, at: number): Promise<string> {
    return this.#group.write(() => {
      const row = this.#sql.start.get(at, id);
      if (row === undefined) throw noSuchTurn(`turn ${id} is not waiting`);
      return row.text as string;
    });
  }

  recordAgentProcess(id: string, { group, startTime, epoch }: AgentProcess): Promise<void> {
    return this.#group.write(() => {
      const { changes } = this.#sql.recordAgentProcess.run(group, startTime, epoch, id);
      if (changes === 0) throw noSuchTurn(`turn ${id} is not running`);
    });
  }

  async cutOffTurns(): Promise<CutOffTurn[]> {
    return this.#sql.cutOffTurns.all().map(cutOffTurnFromRow);
  }

  end(id: string, end: TurnEnd, announcement: Announcement): Promise<number> {
    return this.#group.write(() => {
      const { status, reply, problem, endedAt } = end;
      const { changes } = this.#sql.end.run(status, reply, problem, endedAt, id);
      if (Number(changes) !== 1) throw noSuchTurn(`turn ${id} has ended already`);
      return this.#announce(announcement);
    });
  }

  async find(id: string): Promise<TurnRecord | undefined> {
    return one(this.#sql.find, turnFromRow, id);
  }

  async findMessage(session: string, messageId: string): Promise<TurnRecord | undefined> {
    return one(this.#sql.findMessage, turnFromRow, session, messageId);
  }

  async unfinished(after: number, limit: number): Promise<UnfinishedTurn[]> {
    return this.#sql.unfinished.all(after, limit).map(unfinishedFromRow);
  }

  async turns(query: TurnQuery): Promise<TurnRecord[]> {
    return [...queryTurns(this.#database, query)];
  }

  recordNoticeOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined> {
    return this.#group.write(() => {
      const { changes } = this.#sql.recordNoticeOnce.run(session, drain, announcement.event.at);
      return changes === 0 ? undefined : this.#announce(announcement);
    });
  }

  async toldDrain(): Promise<string | null> {
    return (this.#sql.toldDrain.get()?.drain as string | undefined) ?? null;
  }

  async notifiedSessions(after: string, limit: number): Promise<string[]> {
    return this.#sql.notifiedSessions.all(after, limit).map((row) => row.session as string);
  }

  recordDrainEnd(session: string, announcement: Announcement): Promise<number> {
    return this.#group.write(() => {
      this.#sql.recordDrainEnd.run(announcement.event.at, session);
      return this.#announce(announcement);
    });
  }

  tell(announcement: Announcement): Promise<number> {
    return this.#group.write(() => this.#announce(announcement));
  }

  async identity(): Promise<string> {
    return String(this.#sql.identity.get()?.id);
  }

  async lastEventSeq(): Promise<number> {
    return Number(this.#sql.lastEvent.get()?.seq ?? 0);
  }

  async eventsAfter(session: string, seq: number, limit: number, maxBytes = Infinity): Promise<SessionEvent[]> {
    const events: SessionEvent[] = [];
    let bytes = 0;
    // Row by row: what comes after the page is not even read.
    for (const row of this.#sql.eventsAfter.iterate(session, seq, limit)) {
      events.push(eventFromRow(row));
      bytes += Buffer.byteLength(row.data as string);
      if (bytes >= maxBytes) break;
    }
    return events;
  }

  async deliveries(channel: string): Promise<Delivery[]> {
    return this.#sql.deliveries.all(channel).map(deliveryFromRow);
  }

  async nextDeliveries(channel: string, limit: number): Promise<PendingDelivery[]> {
    return this.#sql.nextDeliveries.all(channel, limit).map(pendingDeliveryFromRow);
  }

  async findDelivery(seq: number): Promise<Delivery | undefined> {
    return one(this.#sql.findDelivery, deliveryFromRow, seq);
  }

  delivered(seq: number): Promise<void> {
    return this.#group.write(() => {
      this.#sql.delivered.run(seq);
    });
  }

  deliveryFailed(seq: number, nextAt: number | null, error: string): Promise<void> {
    return this.#group.write(() => {
      if (nextAt === null) this.#sql.deliveryDead.run(Date.now(), error, seq);
      else this.#sql.deliveryRetry.run(nextAt, error, seq);
    });
  }

  prune(table: PrunableTable, step: PruneStep): Promise<PruneResult> {
    return this.#group.write(() => prune(this.#sql, table, step));
  }

  probe(): Promise<void> {
    // Writes the page that holds it even when it stays the same. A promise like that of a message, with nothing to undo.
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

  /** Why what is committed now would be lost with this process, if it would. */
  #findLoss(): JournalLostError | undefined {
    // Closing takes the log away.
    if (this.#isClosed) return undefined;
    const problem = this.#files.problem();
    if (problem === undefined) return undefined;
    this.#saveLog();
    return new JournalLostError(problem);
  }

  /** Without its log the database is behind: what was committed is moved there while this process has the log. */
  #saveLog(): void {
    if (!this.#files.isDatabaseThere) return;
    try {
      this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // The log cannot be read. Nothing more can be saved, and nothing is accepted.
    }
  }

  /** @returns the number of the event. */
  #announce({ event, deliveries }: Announcement): number {
    const { session, type, data, at } = event;
    const { lastInsertRowid } = this.#sql.event.run(session, type, JSON.stringify(data), at);
    const seq = Number(lastInsertRowid);
    for (const { channel, session: to, event: body, expiresAt } of deliveries) {
      this.#sql.deliver.run(channel, to, JSON.stringify({ ...body, event_id: String(seq) }), at, at, expiresAt);
    }
    return seq;
  }
}

/**
 * The turns that `query` asks for, the newest first. Also for readers beside the gateway: each turn is read when it is
 * asked for, because a page of them may be larger than the memory, and a read that lasts keeps the log from being reused.
 */
export function* queryTurns(database: DatabaseSync, query: TurnQuery): Generator<TurnRecord, void, undefined> {
  const statement = database.prepare(
    `SELECT seq, ${TURN_COLUMNS} FROM turns WHERE (?1 IS NULL OR session = ?1) AND (?2 IS NULL OR status = ?2)
      AND (?3 IS NULL OR seq < ?3) ORDER BY seq DESC LIMIT 1`,
  );
  let before: SQLOutputValue = null;
  for (let count = 0; count < query.limit; count += 1) {
    const row = statement.get(query.session ?? null, query.status ?? null, before);
    if (row === undefined) return;
    before = row.seq as number;
    yield turnFromRow(row);
  }
}

/** Whether a gateway has begun to use it: one that was killed while it made it leaves it empty. */
export function hasTurns(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'turns'").get() !== undefined;
}

/** Turns that have not ended. */
export function countUnended(database: DatabaseSync): number {
  if (!hasTurns(database)) return 0;
  return Number(database.prepare('SELECT count(*) AS count FROM turns WHERE ended_at IS NULL').get()?.count);
}

function one<T>(statement: StatementSync, from: (row: never) => T, ...values: (string | number)[]): T | undefined {
  const row = statement.get(...values);
  return row === undefined ? undefined : from(row as never);
}

function noSuchTurn(message: string): Error {
  return Object.assign(new Error(message), { code: NO_SUCH_TURN });
}
