import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Announcement } from '../event-store.ts';
import {
  type AgentProcess,
  type CutOffTurn,
  DUPLICATE_TURN,
  type HistoryLimits,
  type ListedTurn,
  NO_SUCH_TURN,
  type OpenStatus,
  type PastTurn,
  type TurnContent,
  type TurnEnd,
  type TurnQuery,
  type TurnRecord,
  type TurnStore,
  type UnfinishedTurn,
} from '../turn-store.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Outgoing } from './outgoing.ts';
import { prepareStatements, type Statements, textOf, wholeText } from './statements.ts';
import { SqliteTurnHistory } from './turn-history.ts';
import {
  cutOffTurnFromRow,
  TURN_COLUMNS,
  TURN_SELECTION,
  turnFromRow,
  UNFINISHED_COLUMNS,
  unfinishedFromRow,
} from './turn-rows.ts';

const SQL = {
  accept: `INSERT INTO turns (${TURN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  discard: 'DELETE FROM turns WHERE id = ?',
  told: 'INSERT INTO drain_notices (session, drain, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  start: `UPDATE turns SET status = 'running', attempts = attempts + 1, started_at = ?
    WHERE id = ? AND ended_at IS NULL RETURNING form, ${wholeText('text')}`,
  recordAgentProcess:
    'UPDATE turns SET agent_group = ?, agent_start_time = ?, agent_epoch = ? WHERE id = ? AND ended_at IS NULL',
  cutOffTurns: `SELECT id, agent_group, agent_start_time, agent_epoch FROM turns
    WHERE ended_at IS NULL AND status = 'running' ORDER BY seq`,
  end: 'UPDATE turns SET status = ?, reply = ?, problem = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL',
  revise:
    "UPDATE turns SET text = ?, form = ? WHERE id = ? AND status = 'accepted' AND (form IS NULL OR form = 'parts')",
  moveSession: 'UPDATE OR IGNORE turns SET session = ? WHERE session = ? AND ended_at IS NOT NULL',
  find: `SELECT ${TURN_SELECTION} FROM turns WHERE id = ?`,
  findMessage: `SELECT ${TURN_SELECTION} FROM turns WHERE session = ? AND message_id = ?`,
  unfinished: `SELECT ${UNFINISHED_COLUMNS} FROM turns WHERE ended_at IS NULL AND seq > ? ORDER BY seq LIMIT ?`,
} as const;

/**
 * The SQLite implementation of the turns. The only writer owns all of them: the lock of the home excludes every other
 * process.
 */
export class SqliteTurnStore implements TurnStore {
  readonly #group: GroupCommit;
  readonly #outgoing: Outgoing;
  readonly #sql: Statements<keyof typeof SQL>;
  readonly #history: SqliteTurnHistory;

  constructor(database: DatabaseSync, group: GroupCommit, outgoing: Outgoing) {
    this.#group = group;
    this.#outgoing = outgoing;
    this.#sql = prepareStatements(database, SQL);
    this.#history = new SqliteTurnHistory(database);
  }

  accept(turn: TurnRecord): Promise<OpenStatus> {
    return this.#group.write(
      () => {
        this.#insert(turn);
        return turn.status as OpenStatus;
      },
      () => this.#discard(turn),
    );
  }

  answer(turn: TurnRecord, announcement: Announcement, drain?: string): Promise<number> {
    return this.#group.write(
      () => {
        this.#insert(turn);
        if (drain !== undefined) this.#sql.told.run(turn.session, drain, announcement.event.at);
        return this.#outgoing.add(announcement);
      },
      () => this.#discard(turn),
    );
  }

  start(id: string, at: number): Promise<TurnContent> {
    return this.#group.write(() => {
      const row = this.#sql.start.get(at, id);
      if (row === undefined) throw noSuchTurn(`turn ${id} is not waiting`);
      return { text: textOf(row.text), form: row.form as TurnContent['form'] };
    });
  }

  recordAgentProcess(id: string, { group, startTime, epoch }: AgentProcess): Promise<void> {
    return this.#group.write(() => {
      const { changes } = this.#sql.recordAgentProcess.run(group, startTime, epoch, id);
      if (changes === 0) throw noSuchTurn(`turn ${id} is not running`);
    });
  }

  end(id: string, end: TurnEnd, announcement: Announcement): Promise<number> {
    return this.#group.write(() => {
      const { status, reply, problem, endedAt } = end;
      const { changes } = this.#sql.end.run(status, reply, problem, endedAt, id);
      if (Number(changes) !== 1) throw noSuchTurn(`turn ${id} has ended already`);
      return this.#outgoing.add(announcement);
    });
  }

  revise(id: string, { text, form }: TurnContent): Promise<boolean> {
    return this.#group.write(() => Number(this.#sql.revise.run(text, form, id).changes) === 1);
  }

  moveSession(from: string, to: string): Promise<void> {
    return this.#group.write(() => {
      this.#sql.moveSession.run(to, from);
    });
  }

  async find(id: string): Promise<TurnRecord | undefined> {
    return one(this.#sql.find, id);
  }

  async findMessage(session: string, messageId: string): Promise<TurnRecord | undefined> {
    return one(this.#sql.findMessage, session, messageId);
  }

  async history(id: string, limits: HistoryLimits): Promise<PastTurn[]> {
    return this.#history.before(id, limits);
  }

  async cutOffTurns(): Promise<CutOffTurn[]> {
    return this.#sql.cutOffTurns.all().map(cutOffTurnFromRow);
  }

  async unfinished(after: number, limit: number): Promise<UnfinishedTurn[]> {
    return this.#sql.unfinished.all(after, limit).map(unfinishedFromRow);
  }

  async turns(query: TurnQuery): Promise<ListedTurn[]> {
    return this.#history.page(query);
  }

  #insert(turn: TurnRecord): void {
    const { id, session, messageId, kind, conversation, fingerprint, form, text, status, attempts } = turn;
    const { reply, problem, acceptedAt, startedAt, endedAt } = turn;
    const end = [reply, problem, acceptedAt, startedAt, endedAt];
    const values = [id, session, messageId, kind, conversation, fingerprint, form, text, status, attempts, ...end];
    if (Number(this.#sql.accept.run(...values).changes) === 0) throw duplicateTurn(id);
  }

  #discard({ id }: TurnRecord): void {
    this.#sql.discard.run(id);
  }
}

function one(statement: StatementSync, ...values: string[]): TurnRecord | undefined {
  const row = statement.get(...values);
  return row === undefined ? undefined : turnFromRow(row);
}

function duplicateTurn(id: string): Error {
  const message = `turn ${id} is in the journal already, by its id or by its message id`;
  return Object.assign(new Error(message), { code: DUPLICATE_TURN });
}

function noSuchTurn(message: string): Error {
  return Object.assign(new Error(message), { code: NO_SUCH_TURN });
}
