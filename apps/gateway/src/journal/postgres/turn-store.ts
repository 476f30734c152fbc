import type { Announcement } from '../event-store.ts';
import { pastTurns } from '../past-turns.ts';
import {
  type AgentProcess,
  type CutOffTurn,
  DUPLICATE_TURN,
  type HistoryLimits,
  type ListedTurn,
  MAX_HISTORY_PARTS,
  type OpenStatus,
  type PastTurn,
  type TurnContent,
  type TurnEnd,
  type TurnQuery,
  type TurnRecord,
  type TurnStore,
  type UnfinishedTurn,
} from '../turn-store.ts';
import { announcementOf } from './announcements.ts';
import type { Operations } from './operations.ts';
import type { Reads } from './reads.ts';
import { cutOffTurnFromRow, listedFromRow, TURN_COLUMNS, turnFromRow, unfinishedFromRow } from './rows.ts';
import { fromStored, toStored, toStoredOrNull } from './stored-text.ts';

/** The name of the gateway of a turn; a gateway that is gone is not known for ever. */
const GATEWAY = '(select g.name from gateways g where g.owner = turns.owner) as gateway';

/** Bytes of a turn in the database. */
const SIZE = 'octet_length(text) + coalesce(octet_length(reply), 0)';

/** The reply, unless it is not whole and cannot fit into a history: see `pastTurns`. */
const FITTING_REPLY = "case when e.status = 'done' or octet_length(e.reply) <= $3 then e.reply end";

/** The bytes in a history without the parts of a message, which have a limit of their own. */
const TEXT_SIZE = "case form when 'parts' then 0 else octet_length(text) end + coalesce(octet_length(fitting), 0)";
const PARTS_SIZE = "case form when 'parts' then octet_length(text) else 0 end";

/** The most bytes that a UTF-16 code unit takes there. */
const BYTES_PER_CHAR = 4;

const SQL = {
  find: `select ${TURN_COLUMNS} from turns where id = $1`,
  findMessage: `select ${TURN_COLUMNS} from turns where session = $1 and message_id = $2`,
  // A little more than fits: what a character is differs between here and the database.
  history: `select ${TURN_COLUMNS.replace(' reply,', ' fitting as reply,')} from (
      select h.*, sum(${TEXT_SIZE}) over (order by h.seq desc) - (${TEXT_SIZE}) as bytes_after,
        sum(${PARTS_SIZE}) over (order by h.seq desc) - (${PARTS_SIZE}) as parts_after from (
        select e.*, ${FITTING_REPLY} as fitting from turns e join turns own on own.session = e.session and e.seq < own.seq
        where own.id = $1 and e.conversation <> 'separate' and e.ended_at is not null
        order by e.seq desc limit $2
      ) as h
    ) as sized where bytes_after <= $3 and parts_after < $4 order by seq desc`,
  revise: `update turns set text = $2, form = $3
    where id = $1 and status = 'accepted' and coalesce(form, 'parts') = 'parts' returning id`,
  form: `select form from turns where id = $1`,
  moveSession: `update turns t set session = $2 where t.session = $1 and t.ended_at is not null and not exists (
      select from turns n where n.session = $2 and n.message_id = t.message_id
    )`,
  cutOffTurns: `select id, agent_group, agent_start_time, agent_epoch from turns
    where status = 'running' and owner = $1 order by seq`,
  unfinished: `select open_turn_1(t) as turn from turns t
    where (t.status = 'accepted' or t.status = 'running' and t.owner = $1) and t.seq > $2 order by t.seq limit $3`,
} as const;

/** The PostgreSQL implementation of the turns. */
export class PostgresTurnStore implements TurnStore {
  readonly #operations: Operations;
  readonly #reads: Reads;
  readonly #gateway: string;

  /** @param gateway its stable name. */
  constructor(operations: Operations, reads: Reads, gateway: string) {
    this.#operations = operations;
    this.#reads = reads;
    this.#gateway = gateway;
  }

  async accept(turn: TurnRecord): Promise<OpenStatus> {
    const applied = await this.#operations.run({ op: 'accept', ...storedTurn(turn) });
    const { result } = applied;
    if (result.code === DUPLICATE_TURN) throw duplicateTurn(turn.id);
    // If the gateway has lost its turns since, this one is followed as another gateway's.
    return this.#operations.owns(applied) ? (result.status as OpenStatus) : 'accepted';
  }

  async answer(turn: TurnRecord, announcement: Announcement, drain?: string): Promise<number> {
    const told = drain === undefined ? {} : { drain: toStored(drain), gateway: this.#gateway };
    const end = { reply: toStoredOrNull(turn.reply), problem: toStoredOrNull(turn.problem), ended_at: turn.endedAt };
    const fields = { ...storedTurn(turn), ...end, ...told, announcement: announcementOf(announcement) };
    const { result } = await this.#operations.run({ op: 'answer', ...fields });
    if (result.code === DUPLICATE_TURN) throw duplicateTurn(turn.id);
    return result.event as number;
  }

  async start(id: string, at: number): Promise<TurnContent> {
    const { result, texts } = await this.#operations.ofTurn({ op: 'start', id, at }, `turn ${id} is not waiting`);
    // It has started, so that it stays as it is.
    const [row] = await this.#reads.query(SQL.form, [toStored(id)]);
    return {
      text: fromStored(texts[result.started as string] ?? ''),
      form: (row?.form ?? null) as TurnContent['form'],
    };
  }

  async recordAgentProcess(id: string, { group, startTime, epoch }: AgentProcess): Promise<void> {
    const fields = { group, start_time: toStored(startTime), epoch: toStored(epoch) };
    await this.#operations.ofTurn({ op: 'agent', id, ...fields }, `turn ${id} is not running`);
  }

  async end(id: string, end: TurnEnd, announcement: Announcement): Promise<number> {
    const operation = endOperation(this.#operations.owner(), id, end, announcement);
    const { result } = await this.#operations.ofTurn(operation, hasEnded(id));
    return result.event as number;
  }

  async revise(id: string, { text, form }: TurnContent): Promise<boolean> {
    return (await this.#reads.query(SQL.revise, [toStored(id), toStored(text), form])).length === 1;
  }

  async moveSession(from: string, to: string): Promise<void> {
    await this.#reads.query(SQL.moveSession, [toStored(from), toStored(to)]);
  }

  async find(id: string): Promise<TurnRecord | undefined> {
    const [row] = await this.#reads.query(SQL.find, [toStored(id)]);
    return row && turnFromRow(row);
  }

  async findMessage(session: string, messageId: string): Promise<TurnRecord | undefined> {
    const [row] = await this.#reads.query(SQL.findMessage, [toStored(session), toStored(messageId)]);
    return row && turnFromRow(row);
  }

  async history(id: string, limits: HistoryLimits): Promise<PastTurn[]> {
    const values = [toStored(id), limits.turns, limits.maxChars * BYTES_PER_CHAR, MAX_HISTORY_PARTS * BYTES_PER_CHAR];
    return pastTurns((await this.#reads.query(SQL.history, values)).map(turnFromRow), limits);
  }

  async cutOffTurns(): Promise<CutOffTurn[]> {
    return (await this.#reads.query(SQL.cutOffTurns, [this.#operations.owner()])).map(cutOffTurnFromRow);
  }

  async unfinished(after: number, limit: number): Promise<UnfinishedTurn[]> {
    const rows = await this.#reads.query(SQL.unfinished, [this.#operations.owner(), after, limit]);
    return rows.map(({ turn }) => unfinishedFromRow(turn as Record<string, unknown>));
  }

  turns(query: TurnQuery): Promise<ListedTurn[]> {
    return readPage(this.#reads, query);
  }
}

function storedTurn(turn: TurnRecord) {
  return {
    id: toStored(turn.id),
    session: toStored(turn.session),
    message_id: toStoredOrNull(turn.messageId),
    kind: turn.kind,
    conversation: turn.conversation,
    fingerprint: turn.fingerprint,
    form: turn.form,
    text: toStored(turn.text),
    status: turn.status,
    attempts: turn.attempts,
    accepted_at: turn.acceptedAt,
    started_at: turn.startedAt,
  };
}

function duplicateTurn(id: string): Error {
  const message = `turn ${id} is in the journal already, by its id or by its message id`;
  return Object.assign(new Error(message), { code: DUPLICATE_TURN });
}

/** The operation that ends a turn. @param owner is refused if it is not the owner any more when the write is sent. */
export function endOperation(owner: string, id: string, end: TurnEnd, announcement: Announcement) {
  return {
    op: 'end',
    owner,
    id,
    status: end.status,
    reply: toStoredOrNull(end.reply),
    problem: toStoredOrNull(end.problem),
    ended_at: end.endedAt,
    announcement: announcementOf(announcement),
  };
}

/** Why a turn cannot be ended. */
export function hasEnded(id: string): string {
  return `turn ${id} has ended already, or another gateway owns it`;
}

/** A page of turns: with the one that brings the total to the bytes, and none behind it. */
export async function readPage(reads: Pick<Reads, 'query'>, query: TurnQuery): Promise<ListedTurn[]> {
  const { session, status, before, limit, maxBytes } = query;
  const wanted: unknown[] = [];
  const conditions: string[] = [];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    wanted.push(value);
    conditions.push(`${condition} $${wanted.length}`);
  };
  where('session =', session && toStored(session));
  where('status =', status);
  where('seq <', before);
  const filter = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const page = `select ${TURN_COLUMNS}, ${GATEWAY} from turns ${filter} order by seq desc limit ${Math.trunc(limit)}`;
  if (maxBytes === undefined) return (await reads.query(page, wanted)).map(listedFromRow);
  const sized = `select page.*, sum(${SIZE}) over (order by seq desc) - (${SIZE}) as bytes_before from (${page}) as page`;
  const sql = `select ${TURN_COLUMNS}, gateway from (${sized}) as sized where bytes_before < $${wanted.length + 1} order by seq desc`;
  return (await reads.query(sql, [...wanted, Math.max(1, maxBytes)])).map(listedFromRow);
}
