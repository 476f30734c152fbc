import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { GroupCommit } from './group-commit.ts';
import type { Announcement, Journal } from './journal.ts';
import { openDatabase } from './open-database.ts';
import type { AgentProcess, CutOffTurn, Delivery, SessionEvent, TurnEnd, TurnQuery, TurnRecord } from './records.ts';
import { cutOffTurnFromRow, deliveryFromRow, eventFromRow, TURN_COLUMNS, turnFromRow } from './rows.ts';
import { prepareStatements, type Statements } from './statements.ts';

/** The journal in one SQLite file, which this process alone writes. */
export class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #group: GroupCommit;
  readonly #sql: Statements;

  /** @throws StartupError when the file cannot be used; it is then untouched. */
  constructor(path: string) {
    this.#database = openDatabase(path);
    this.#group = new GroupCommit(this.#database);
    this.#sql = prepareStatements(this.#database);
  }

  get commits(): number {
    return this.#group.commits;
  }

  accept(turn: TurnRecord): Promise<void> {
    return this.#group.write(() => {
      const { id, session, messageId, kind, text, status, attempts, acceptedAt, startedAt } = turn;
      const end = [null, null, acceptedAt, startedAt, null];
      this.#sql.accept.run(id, session, messageId, kind, text, status, attempts, ...end);
    });
  }

  start(id: string, at: number): Promise<void> {
    return this.#group.write(() => requireOne(this.#sql.start.run(at, id), `turn ${id} is not waiting`));
  }

  recordAgentProcess(id: string, { group, startTime, epoch }: AgentProcess): Promise<void> {
    return this.#group.write(() => {
      requireOne(this.#sql.recordAgentProcess.run(group, startTime, epoch, id), `turn ${id} is not running`);
    });
  }

  async cutOffTurns(): Promise<CutOffTurn[]> {
    return this.#sql.cutOffTurns.all().map(cutOffTurnFromRow);
  }

  end(id: string, end: TurnEnd, announcement: Announcement): Promise<number> {
    return this.#group.write(() => {
      const { status, reply, problem, endedAt } = end;
      requireOne(this.#sql.end.run(status, reply, problem, endedAt, id), `turn ${id} has ended already`);
      return this.#announce(announcement);
    });
  }

  async find(id: string): Promise<TurnRecord | undefined> {
    return one(this.#sql.find, turnFromRow, id);
  }

  async findMessage(session: string, messageId: string): Promise<TurnRecord | undefined> {
    return one(this.#sql.findMessage, turnFromRow, session, messageId);
  }

  async unfinished(): Promise<TurnRecord[]> {
    return this.#sql.unfinished.all().map(turnFromRow);
  }

  async turns(query: TurnQuery): Promise<TurnRecord[]> {
    return queryTurns(this.#database, query);
  }

  tellOnce(session: string, drain: string, announcement: Announcement): Promise<number | undefined> {
    return this.#group.write(() => {
      const { changes } = this.#sql.tellOnce.run(session, drain, announcement.event.at);
      return changes === 0 ? undefined : this.#announce(announcement);
    });
  }

  async toldSessions(): Promise<string[]> {
    return this.#sql.toldSessions.all().map((row) => row.session as string);
  }

  tellBack(session: string, announcement: Announcement): Promise<number> {
    return this.#group.write(() => {
      this.#sql.tellBack.run(announcement.event.at, session);
      return this.#announce(announcement);
    });
  }

  tell(announcement: Announcement): Promise<number> {
    return this.#group.write(() => this.#announce(announcement));
  }

  async lastEventSeq(): Promise<number> {
    return Number(this.#sql.lastEvent.get()?.seq ?? 0);
  }

  async eventsAfter(session: string, seq: number, limit: number): Promise<SessionEvent[]> {
    return this.#sql.eventsAfter.all(session, seq, limit).map(eventFromRow);
  }

  async deliveries(channel: string): Promise<Delivery[]> {
    return this.#sql.deliveries.all(channel).map(deliveryFromRow);
  }

  async nextDeliveries(channel: string, limit: number): Promise<Delivery[]> {
    return this.#sql.nextDeliveries.all(channel, limit).map(deliveryFromRow);
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

  prune(before: number, limit: number): Promise<number> {
    return this.#group.write(() => {
      const tables = [this.#sql.pruneTurns, this.#sql.pruneEvents, this.#sql.pruneNotices, this.#sql.pruneDeliveries];
      return tables.reduce((sum, statement) => sum + Number(statement.run(before, limit - sum).changes), 0);
    });
  }

  async close(): Promise<void> {
    this.#group.flush();
    this.#database.close();
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

/** The turns that `query` asks for, the newest first. Also for readers beside the gateway. */
export function queryTurns(database: DatabaseSync, query: TurnQuery): TurnRecord[] {
  const statement = database.prepare(
    `SELECT ${TURN_COLUMNS} FROM turns WHERE (?1 IS NULL OR session = ?1) AND (?2 IS NULL OR status = ?2) ORDER BY seq DESC LIMIT ?3`,
  );
  return statement.all(query.session ?? null, query.status ?? null, query.limit).map(turnFromRow);
}

function one<T>(statement: StatementSync, from: (row: never) => T, ...values: string[]): T | undefined {
  const row = statement.get(...values);
  return row === undefined ? undefined : from(row as never);
}

function requireOne(result: { changes: number | bigint }, otherwise: string): void {
  if (Number(result.changes) !== 1) throw new Error(otherwise);
}
