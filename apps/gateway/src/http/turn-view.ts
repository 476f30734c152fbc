import { formatIsoDateTime } from '@hermes/drain-contract';
import type { Turn } from '../turns/turn.ts';

/** A turn as the API shows it; `reply` once it is done, `problem` if it ended without one. */
export interface TurnView {
  readonly turn_id: string;
  readonly session: string;
  readonly status: string;
  readonly reply?: string;
  readonly problem?: string;
}

export function viewTurn(turn: Turn): TurnView {
  return {
    turn_id: turn.id,
    session: turn.message.session,
    status: turn.status,
    ...(turn.status === 'done' ? { reply: turn.reply } : {}),
    ...(turn.problem === undefined ? {} : { problem: turn.problem }),
  };
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

function timeOrNull(time: number | undefined): string | null {
  return time === undefined ? null : formatIsoDateTime(time);
}
