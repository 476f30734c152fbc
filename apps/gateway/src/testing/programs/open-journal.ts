import { rmSync } from 'node:fs';
import { SqliteJournal } from '../../journal/sqlite/sqlite-journal.ts';
import { unfinishedTurns } from '../journals.ts';
import { turn } from '../turns.ts';

/**
 * `open-journal PATH [FILLER]`: prints the result of opening the journal as JSON. With a file that fills the rest of the volume, it
 * also accepts large turns until one is refused, makes room by removing that file, and accepts another.
 */
const [path = '', filler] = process.argv.slice(2);
const text = 'x'.repeat(16_384);
const reason = (error: unknown): string => `${(error as Error).name}: ${(error as Error).message}`;

async function fill(journal: SqliteJournal, toRemove: string): Promise<object> {
  let accepted = 0;
  for (;;) {
    const refusal = await journal.accept(turn(`turn-${accepted}`, { text })).then(() => undefined, reason);
    if (refusal !== undefined) {
      rmSync(toRemove);
      await journal.accept(turn('after', { text }));
      return { accepted, refusal, kept: (await unfinishedTurns(journal)).map(({ id }) => id) };
    }
    accepted += 1;
  }
}

try {
  const journal = new SqliteJournal(path);
  const outcome = filler === undefined ? {} : await fill(journal, filler);
  await journal.close();
  console.log(JSON.stringify({ opened: true, ...outcome }));
} catch (error) {
  console.log(JSON.stringify({ opened: false, error: reason(error) }));
}
