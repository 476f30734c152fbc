import { DatabaseSync } from 'node:sqlite';
import type { JournaledTurn } from './evidence.ts';

/** Every turn in the journal, read from its file: the observer does not ask the gateway about itself. */
export function readJournal(path: string): JournaledTurn[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const columns = 'id, session, message_id, text, status, reply, attempts, accepted_at, started_at';
    return database.prepare(`SELECT ${columns} FROM turns`).all() as unknown as JournaledTurn[];
  } finally {
    database.close();
  }
}
