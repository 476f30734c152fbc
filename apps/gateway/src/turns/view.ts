import { formatIsoDateTime } from '@hermes/drain-contract';
import type { TurnEnd, TurnRecord } from '../journal/records.ts';
import type { Turn } from './turn.ts';

/** A turn as others see it; `reply` once it is done, `problem` if it ended without one. */
export type TurnView = {
  readonly turn_id: string;
  readonly session: string;
  readonly status: string;
  readonly reply?: string;
  readonly problem?: string;
};

export function viewTurn(turn: Turn): TurnView {
  return viewRecord(turn.toRecord());
}

/** A turn as it will have ended, for telling about it in the same breath as storing it. */
export function viewEnd(turn: Turn, end: TurnEnd): TurnView {
  return viewRecord({ ...turn.toRecord(), ...end });
}

export function viewRecord(record: TurnRecord): TurnView {
  return {
    turn_id: record.id,
    session: record.session,
    status: record.status,
    ...(record.status === 'done' ? { reply: record.reply ?? '' } : {}),
    ...(record.problem === null ? {} : { problem: record.problem }),
  };
}

/** Everything the journal knows of a turn. */
export function viewRecordInFull(record: TurnRecord): Record<string, unknown> {
  const { messageId, kind, attempts, text, acceptedAt, startedAt, endedAt } = record;
  const times = {
    accepted_at: timeOrNull(acceptedAt),
    started_at: timeOrNull(startedAt),
    ended_at: timeOrNull(endedAt),
  };
  return { ...viewRecord(record), message_id: messageId, kind, attempts, text, ...times };
}

/** With its times, for whoever asks for one turn. */
export function viewTurnInFull(turn: Turn): TurnView & Record<string, string | null> {
  return {
    ...viewTurn(turn),
    accepted_at: formatIsoDateTime(turn.acceptedAt),
    started_at: timeOrNull(turn.startedAt),
    ended_at: timeOrNull(turn.endedAt),
  };
}

function timeOrNull(time: number | null): string | null {
  return time === null ? null : formatIsoDateTime(time);
}
