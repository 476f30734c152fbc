import { formatIsoDateTime } from '@hermes/drain-contract';
import type { ListedTurn, TurnEnd, TurnForm, TurnRecord } from '../journal/turn-store.ts';
import { answerText } from '../openai-wire/answer-text.ts';
import { requestText } from '../openai-wire/request-text.ts';
import type { Turn } from './turn.ts';

/**
 * The public view of a turn; `reply` if it is done, `problem` if it ended without a whole reply, and then `partial_reply`
 * if it ended in the middle of it.
 */
export type TurnView = {
  readonly turn_id: string;
  readonly session: string;
  readonly status: string;
  readonly reply?: string;
  readonly problem?: string;
  readonly partial_reply?: string;
};

export function viewTurn(turn: Turn): TurnView {
  const { id, message, status, problem, endReply: reply } = turn;
  return view(id, message, { status, problem, reply });
}

/** The view of a turn with this end, so that it can be announced in the commit that stores the end. */
export function viewEnd(turn: Turn, end: TurnEnd): TurnView {
  return view(turn.id, turn.message, end);
}

export function viewRecord(record: TurnRecord): TurnView {
  return view(record.id, record, record);
}

interface Place {
  readonly session: string;
  readonly form?: TurnForm | null | undefined;
}

type Outcome = Pick<TurnRecord, 'status' | 'reply' | 'problem'>;

function view(id: string, { session, form }: Place, outcome: Outcome): TurnView {
  const { status, problem } = outcome;
  if (problem !== null) return { turn_id: id, session, status, problem, ...partOf(form, outcome.reply) };
  if (status === 'done') return { turn_id: id, session, status, reply: answerText(form, outcome.reply ?? '') };
  return { turn_id: id, session, status };
}

/** A forwarded request that has failed has an error for its reply. */
function partOf(form: Place['form'], reply: string | null): Pick<TurnView, 'partial_reply'> {
  return reply && (!form || form === 'parts') ? { partial_reply: reply } : {};
}

/** All data of a turn in the journal. */
export function viewRecordInFull(record: ListedTurn): Record<string, unknown> {
  const { messageId, kind, conversation, form, attempts, text, acceptedAt, startedAt, endedAt } = record;
  const times = {
    accepted_at: timeOrNull(acceptedAt),
    started_at: timeOrNull(startedAt),
    ended_at: timeOrNull(endedAt),
  };
  return {
    ...viewRecord(record),
    message_id: messageId,
    kind,
    conversation,
    form,
    attempts,
    ...(record.gateway === undefined ? {} : { gateway: record.gateway }),
    text: requestText(form, text),
    ...times,
  };
}

/** The view with its times, for a request for one turn. */
export function viewTurnInFull(turn: Turn): TurnView & Record<string, string | null> {
  return {
    ...viewTurn(turn),
    accepted_at: timeOrNull(turn.acceptedAt),
    started_at: timeOrNull(turn.startedAt),
    ended_at: timeOrNull(turn.endedAt),
  };
}

/** A journal that other users could write may contain invalid times. */
function timeOrNull(time: number | null): string | null {
  return time === null || Number.isNaN(new Date(time).getTime()) ? null : formatIsoDateTime(time);
}
