import { writeSync } from 'node:fs';
import { SqliteJournal } from '../../journal/sqlite/sqlite-journal.ts';
import { turn } from '../turns.ts';

/** `accept-turns PATH PREFIX`: accepts turns, a few at a time, and prints each id after it is stored, until it is killed. */
const [path = '', prefix = ''] = process.argv.slice(2);
const journal = new SqliteJournal(path);

async function accept(id: string): Promise<void> {
  await journal.accept(turn(id));
  writeSync(1, `${id}\n`);
}

for (let round = 0; ; round++) {
  await Promise.all([0, 1, 2].map((number) => accept(`${prefix}-${round}-${number}`)));
}
