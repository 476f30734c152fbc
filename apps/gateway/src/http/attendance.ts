import type { ServerResponse } from 'node:http';
import type { TurnEngine } from '../turns/engine.ts';
import type { Turn } from '../turns/turn.ts';

/** What happens to a turn when the last client that waits for its answer disconnects. */
export const ON_DISCONNECT = ['continue', 'interrupt'] as const;
export type OnDisconnect = (typeof ON_DISCONNECT)[number];

/** The same for each route that waits for an answer. */
export interface OnDisconnectRules {
  readonly messages: OnDisconnect;
  readonly chat_completions: OnDisconnect;
}

/** Records that a client waits for the answer to a turn, and at the end of the response whether the client got it. */
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
