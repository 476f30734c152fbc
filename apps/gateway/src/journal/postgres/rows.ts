import type { ClaimedTurn } from '../fleet.ts';
import type { CutOffTurn, ListedTurn, TurnRecord, UnfinishedTurn } from '../turn-store.ts';
import type { Row } from './reads.ts';
import { fromStored, fromStoredOrNull } from './stored-text.ts';
import type { Applied } from './writer.ts';

/** Columns of a turn in the order of {@link TurnRecord}. */
export const TURN_COLUMNS =
  'seq, id, session, message_id, kind, conversation, fingerprint, form, text, status, attempts, reply, problem, accepted_at, started_at, ended_at';

export function turnFromRow(row: Row): TurnRecord {
  return {
    id: fromStored(row.id as string),
    session: fromStored(row.session as string),
    messageId: fromStoredOrNull(row.message_id as string | null),
    kind: row.kind as TurnRecord['kind'],
    conversation: row.conversation as TurnRecord['conversation'],
    fingerprint: row.fingerprint as string | null,
    form: row.form as TurnRecord['form'],
    text: fromStored(row.text as string),
    status: row.status as TurnRecord['status'],
    attempts: row.attempts as number,
    reply: fromStoredOrNull(row.reply as string | null),
    problem: fromStoredOrNull(row.problem as string | null),
    acceptedAt: row.accepted_at as number,
    startedAt: row.started_at as number | null,
    endedAt: row.ended_at as number | null,
  };
}

export function listedFromRow(row: Row): ListedTurn {
  const gateway = row.gateway as string | null;
  return { ...turnFromRow(row), seq: row.seq as number, ...(gateway === null ? {} : { gateway }) };
}

/** From the result of `open_turn_1`, whose bytes count an escaped character twice. */
export function unfinishedFromRow(row: Row): UnfinishedTurn {
  return {
    seq: row.seq as number,
    id: fromStored(row.id as string),
    session: fromStored(row.session as string),
    messageId: fromStoredOrNull(row.message_id as string | null),
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

/** The same with its owner, and its text from `texts`, by the stored id. */
export function claimedFromRow(row: Row, { owner, texts }: Pick<Applied, 'owner' | 'texts'>): ClaimedTurn {
  return { ...unfinishedFromRow(row), owner, text: fromStored(texts[row.id as string] ?? '') };
}

export function cutOffTurnFromRow(row: Row): CutOffTurn {
  const { agent_group: group, agent_start_time: startTime, agent_epoch: epoch } = row;
  const process = { group: group as number, startTime: startTime as string, epoch: epoch as string };
  return { turn: fromStored(row.id as string), process: group === null ? undefined : process };
}
