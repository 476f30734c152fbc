import type { SQLOutputValue } from 'node:sqlite';
import type { CutOffTurn, Delivery, PendingDelivery, SessionEvent, TurnRecord, UnfinishedTurn } from './records.ts';

type Row = Record<string, SQLOutputValue>;

/** Columns of a turn, in the order that the statements use. */
export const TURN_COLUMNS =
  'id, session, message_id, kind, fingerprint, text, status, attempts, reply, problem, accepted_at, started_at, ended_at';

/** As those, without what may be long. */
export const UNFINISHED_COLUMNS =
  'seq, id, session, message_id, kind, fingerprint, status, attempts, accepted_at, started_at, octet_length(text) AS bytes';

export const DELIVERY_COLUMNS = 'seq, channel, session, event, at, attempts, next_at, expires_at';

/** As those, without what may be long. */
export const PENDING_DELIVERY_COLUMNS =
  'seq, channel, session, octet_length(event) AS bytes, at, attempts, next_at, expires_at';

export function turnFromRow(row: Row): TurnRecord {
  return {
    id: row.id as string,
    session: row.session as string,
    messageId: row.message_id as string | null,
    kind: row.kind as TurnRecord['kind'],
    fingerprint: row.fingerprint as string | null,
    text: row.text as string,
    status: row.status as TurnRecord['status'],
    attempts: row.attempts as number,
    reply: row.reply as string | null,
    problem: row.problem as string | null,
    acceptedAt: row.accepted_at as number,
    startedAt: row.started_at as number | null,
    endedAt: row.ended_at as number | null,
  };
}

export function unfinishedFromRow(row: Row): UnfinishedTurn {
  return {
    seq: row.seq as number,
    id: row.id as string,
    session: row.session as string,
    messageId: row.message_id as string | null,
    kind: row.kind as UnfinishedTurn['kind'],
    fingerprint: row.fingerprint as string | null,
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

export function eventFromRow(row: Row): SessionEvent {
  return {
    seq: row.seq as number,
    session: row.session as string,
    type: row.type as SessionEvent['type'],
    data: JSON.parse(row.data as string),
    at: row.at as number,
  };
}

export function deliveryFromRow(row: Row): Delivery {
  return { ...deliveryFields(row), event: JSON.parse(row.event as string) };
}

export function pendingDeliveryFromRow(row: Row): PendingDelivery {
  return { ...deliveryFields(row), bytes: row.bytes as number };
}

function deliveryFields(row: Row): Omit<Delivery, 'event'> {
  return {
    seq: row.seq as number,
    channel: row.channel as string,
    session: row.session as string,
    at: row.at as number,
    attempts: row.attempts as number,
    nextAt: row.next_at as number,
    expiresAt: row.expires_at as number | null,
  };
}
