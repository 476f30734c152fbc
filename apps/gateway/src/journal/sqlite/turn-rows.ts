import type { CutOffTurn, ListedTurn, TurnRecord, UnfinishedTurn } from '../turn-store.ts';
import { nullableTextOf, type Row, textOf, wholeText } from './statements.ts';

/** Columns of a turn, in the order of the statement that inserts it. */
export const TURN_COLUMNS =
  'id, session, message_id, kind, conversation, fingerprint, form, text, status, attempts, reply, problem, accepted_at, started_at, ended_at';

/** The same for SELECT. */
export const TURN_SELECTION = TURN_COLUMNS.replace(/\b(session|message_id|text|reply|problem)\b/g, wholeText);

/** The same without the columns that may be long. */
export const UNFINISHED_COLUMNS = `seq, id, ${wholeText('session')}, ${wholeText('message_id')}, kind, conversation, fingerprint, form, status,
  attempts, accepted_at, started_at, octet_length(text) AS bytes`;

export function turnFromRow(row: Row): TurnRecord {
  return {
    id: row.id as string,
    session: textOf(row.session),
    messageId: nullableTextOf(row.message_id),
    kind: row.kind as TurnRecord['kind'],
    conversation: row.conversation as TurnRecord['conversation'],
    fingerprint: row.fingerprint as string | null,
    form: row.form as TurnRecord['form'],
    text: textOf(row.text),
    status: row.status as TurnRecord['status'],
    attempts: row.attempts as number,
    reply: nullableTextOf(row.reply),
    problem: nullableTextOf(row.problem),
    acceptedAt: row.accepted_at as number,
    startedAt: row.started_at as number | null,
    endedAt: row.ended_at as number | null,
  };
}

export function listedFromRow(row: Row): ListedTurn {
  return { ...turnFromRow(row), seq: row.seq as number };
}

export function unfinishedFromRow(row: Row): UnfinishedTurn {
  return {
    seq: row.seq as number,
    id: row.id as string,
    session: textOf(row.session),
    messageId: nullableTextOf(row.message_id),
    kind: row.kind as UnfinishedTurn['kind'],
    conversation: row.conversation as UnfinishedTurn['conversation'],
    fingerprint: row.fingerprint as string | null,
    form: row.form as TurnRecord['form'],
    status: row.status as UnfinishedTurn['status'],
    attempts: row.attempts as number,
    acceptedAt: row.accepted_at as number,
    startedAt: row.started_at as number | null,
    bytes: row.bytes as number,
  };
}

export function cutOffTurnFromRow(row: Row): CutOffTurn {
  const { agent_group: group, agent_start_time: startTime, agent_epoch: epoch } = row;
  const process = { group: group as number, startTime: startTime as string, epoch: epoch as string };
  return { turn: row.id as string, process: group === null ? undefined : process };
}
