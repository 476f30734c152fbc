import { randomUUID } from 'node:crypto';
import { open, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentRequest } from '../agent.ts';
import { answerOf } from '../past-answer.ts';

/** The names of these files, in the home. */
export const HISTORY_FILE = /^\.history-[0-9a-f-]{36}\.jsonl$/;

/** A file for one turn, which only this user can read. */
export interface HistoryFile {
  readonly path: string;
  /** Never rejects. */
  remove(): Promise<void>;
}

/**
 * Writes what came before a turn into a file in `directory`, a JSON object a line. @returns `undefined` for a turn that
 * stands alone. @throws when it could not be stored; nothing of it is left then.
 */
export async function writeHistory(directory: string, request: AgentRequest): Promise<HistoryFile | undefined> {
  if (request.history === undefined) return undefined;
  // A sandbox shows only paths without links.
  const path = join(await realpath(directory), `.history-${randomUUID()}.jsonl`);
  const remove = () => unlink(path).catch(() => undefined);
  await using file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(historyLines(request));
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The instructions and the earlier turns, each turn as a message of the user and one of the assistant. */
export function historyLines({ history = [], system }: AgentRequest): string {
  const instructions = system === undefined ? [] : [{ role: 'system', content: system }];
  const messages = history.flatMap((turn) => [
    { role: 'user', content: turn.text, turn_id: turn.id },
    { role: 'assistant', content: answerOf(turn), turn_id: turn.id, status: turn.status },
  ]);
  return [...instructions, ...messages].map((message) => `${JSON.stringify(message)}\n`).join('');
}
