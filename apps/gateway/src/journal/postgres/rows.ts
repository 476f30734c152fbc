import type { Delivery } from '../delivery-store.ts';
import type { SessionEvent } from '../event-store.ts';
import type { ClaimedTurn } from '../fleet.ts';
import type { CutOffTurn, ListedTurn, TurnRecord, UnfinishedTurn } from '../turn-store.ts';
import { fromStored, fromStoredOrNull } from './stored-text.ts';

/** A row of the table `turns`; big integers are numbers. */
export interface TurnRow {
  readonly seq: number;
  readonly id: string;
  readonly session: string;
  readonly message_id: string | null;
  readonly kind: TurnRecord['kind'];
  readonly fingerprint: string | null;
  readonly text: string;
  readonly status: TurnRecord['status'];
  readonly attempts: number;
  readonly reply: string | null;
  readonly problem: string | null;
  readonly accepted_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly agent_group: number | null;
  readonly agent_start_time: string | null;
  readonly agent_epoch: string | null;
}

export const TURN_SELECTION =
  'seq, id, session, message_id, kind, fingerprint, text, status, attempts, reply, problem, accepted_at, started_at, ended_at';

/** The same without the columns that may be long. */
export const UNFINISHED_SELECTION =
  'seq, id, session, message_id, kind, fingerprint, status, attempts, accepted_at, started_at, octet_length(text) AS bytes';

export function turnFromRow(row: TurnRow): TurnRecord {
  return {
    id: row.id,
    session: fromStored(row.session),
    messageId: fromStoredOrNull(row.message_id),
    kind: row.kind,
    fingerprint: row.fingerprint,
    text: fromStored(row.text),
    status: row.status,
    attempts: row.attempts,
    reply: fromStoredOrNull(row.reply),
    problem: fromStoredOrNull(row.problem),
    acceptedAt: row.accepted_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

export function listedFromRow(row: TurnRow): ListedTurn {
  return { ...turnFromRow(row), seq: row.seq };
}

/** A row of {@link UNFINISHED_SELECTION}. */
export type UnfinishedRow = Omit<TurnRow, 'text' | 'reply' | 'problem' | 'ended_at'> & { readonly bytes: number };

export function unfinishedFromRow(row: UnfinishedRow): UnfinishedTurn {
  return {
    seq: row.seq,
    id: row.id,
    session: fromStored(row.session),
    messageId: fromStoredOrNull(row.message_id),
    kind: row.kind,
    fingerprint: row.fingerprint,
    status: row.status,
    attempts: row.attempts,
    acceptedAt: row.accepted_at,
    startedAt: row.started_at,
    bytes: row.bytes,
  };
}

export function claimedFromRow(row: TurnRow): ClaimedTurn {
  const text = fromStored(row.text);
  return { ...unfinishedFromRow({ ...row, bytes: Buffer.byteLength(text) }), text };
}

export function cutOffFromRow(row: TurnRow): CutOffTurn {
  const { agent_group: group, agent_start_time: startTime, agent_epoch: epoch } = row;
  const process = group === null ? undefined : { group, startTime: startTime ?? '', epoch: epoch ?? '' };
  return { turn: row.id, process };
}

export interface EventRow {
  readonly seq: number;
  readonly session: string;
  readonly type: SessionEvent['type'];
  readonly data: string;
  readonly at: number;
}

export function eventFromRow({ seq, session, type, data, at }: EventRow): SessionEvent {
  return { seq, session: fromStored(session), type, data: JSON.parse(data), at };
}

export interface DeliveryRow {
  readonly seq: number;
  readonly channel: string;
  readonly session: string;
  readonly at: number;
  readonly attempts: number;
  readonly next_at: number;
  readonly expires_at: number | null;
}

export function deliveryFields(row: DeliveryRow): Omit<Delivery, 'event'> {
  const { seq, channel, at, attempts, next_at: nextAt, expires_at: expiresAt } = row;
  return { seq, channel, session: fromStored(row.session), at, attempts, nextAt, expiresAt };
}
