import type { PostgresOptions } from '../../journal/postgres/options.ts';
import { PostgresJournal } from '../../journal/postgres/postgres-journal.ts';
import { announcement, DONE } from '../announcements.ts';
import { turn } from '../turns.ts';

/**
 * `hold-postgres-journal OPTIONS TURN...`: opens a journal with these options, given as JSON, runs these turns, each in
 * a session of its own, and prints `running`. It tries to end them once a second, and prints the outcomes, and `lost` when
 * the fleet emits it.
 */
const [options = '', ...ids] = process.argv.slice(2);
const journal = new PostgresJournal(JSON.parse(options) as PostgresOptions);
await journal.open();
journal.fleet.on('lost', () => console.log('lost'));
for (const id of ids) {
  await journal.accept(turn(id, { session: id, status: 'running', attempts: 1, startedAt: 1_000 }));
}
console.log('running');

// SIGUSR2 asks for the ends.
process.on('SIGUSR2', async () => {
  for (const id of ids) {
    const ended = await journal.end(id, DONE, announcement(id, 'late')).then(
      () => 'ended',
      ({ code }) => String(code),
    );
    console.log(`${id} ${ended}`);
  }
});
setInterval(() => undefined, 60_000);
