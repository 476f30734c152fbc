import type { AgentRequest } from '../agent.ts';
import { answerOf } from '../past-answer.ts';
import { messageOf } from '../past-message.ts';
import { type TurnFile, writeTurnFile } from './turn-file.ts';

/**
 * Writes what came before a turn into a file in `directory`, a JSON object a line. @returns `undefined` for a turn that
 * stands alone. @throws when it could not be stored; nothing of it is left then.
 */
export async function writeHistory(directory: string, request: AgentRequest): Promise<TurnFile | undefined> {
  if (request.history === undefined) return undefined;
  return writeTurnFile(directory, { kind: 'history', extension: 'jsonl', text: historyLines(request) });
}

/** The instructions and the earlier turns, each turn as a message of the user and one of the assistant. */
export function historyLines({ history = [], system }: AgentRequest): string {
  const instructions = system === undefined ? [] : [{ role: 'system', content: system }];
  const messages = history.flatMap((turn) => [
    { role: 'user', content: messageOf(turn), turn_id: turn.id },
    { role: 'assistant', content: answerOf(turn), turn_id: turn.id, status: turn.status },
  ]);
  return [...instructions, ...messages].map((message) => `${JSON.stringify(message)}\n`).join('');
}
