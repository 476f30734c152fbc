import type { AgentRequest } from '../agent.ts';
import { type TurnFile, writeTurnFile } from './turn-file.ts';

/**
 * Writes the parts of a message into a file in `directory`, as a JSON array. @returns `undefined` for a message of plain
 * text. @throws when it could not be stored; nothing of it is left then.
 */
export async function writeContent(directory: string, { content }: AgentRequest): Promise<TurnFile | undefined> {
  if (content === undefined) return undefined;
  return writeTurnFile(directory, { kind: 'content', extension: 'json', text: `${JSON.stringify(content)}\n` });
}
