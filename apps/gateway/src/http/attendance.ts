import type { ServerResponse } from 'node:http';
import type { TurnEngine } from '../turns/engine.ts';
import type { Turn } from '../turns/turn.ts';

/** What becomes of a turn when the last client that waits for its answer leaves without it. */
export const ON_DISCONNECT = ['continue', 'interrupt'] as const;
export type OnDisconnect = (typeof ON_DISCONNECT)[number];

/** The same for each route that waits for an answer. */
export interface OnDisconnectRules {
  readonly messages: OnDisconnect;
  readonly chat_completions: OnDisconnect;
}

/** Notes that a client waits for the answer to a turn, and, when the response is over, whether it got it. */
export function attend(engine: TurnEngine, turn: Turn, response: ServerResponse, onDisconnect: OnDisconnect): void {
  const attendance = engine.repeats.attend(turn.id);
  const leave = () => {
    const isAlone = attendance.leave(response.writableFinished);
    if (isAlone && onDisconnect === 'interrupt') engine.interrupt(turn, ABANDONED);
  };
  if (response.closed || response.destroyed) leave();
  else response.once('close', leave);
}

const ABANDONED = 'The client disconnected before this turn ended, so the gateway interrupted it.';
