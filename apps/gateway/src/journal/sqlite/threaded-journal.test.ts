import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { StartupError } from '@hermes/service-kit';
import { temporaryDirectory } from '@hermes/test-kit';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openThreadedJournal, unfinishedTurns } from '../../testing/journals.ts';
import { turn } from '../../testing/turns.ts';
import { ThreadedJournal } from './threaded-journal.ts';

/** Holds the database at `path` for writing, as another program might, until it is called. */
function lock(path: string): () => void {
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  database.exec('BEGIN IMMEDIATE');
  return () => database.exec('COMMIT');
}

it('does not block the event loop while another process locks the file, and writes afterwards', async () => {
  const path = join(temporaryDirectory(), 'gateway.db');
  const journal = await openThreadedJournal(path);
  const unlock = lock(path);
  let isStored = false;
  const storing = journal.accept(turn('a')).then(() => {
    isStored = true;
  });
  for (let turns = 0; turns < 1_000; turns++) await nextTurn();
  expect(isStored).toBe(false);
  unlock();
  await storing;
  expect((await journal.find('a'))?.id).toBe('a');
});

it('gives the thread a few large calls at a time, and keeps their order', async () => {
  const posted: number[] = [];
  const post = Worker.prototype.postMessage;
  const spy = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, message) {
    if (Array.isArray(message)) posted.push(message.length);
    return post.call(this, message);
  });
  onTestFinished(() => spy.mockRestore());
  const journal = await openThreadedJournal();
  const text = 'x'.repeat(1_048_576);
  const ids = Array.from({ length: 40 }, (_, n) => `t${n}`);
  const accepted = ids.map((id) => journal.accept(turn(id, { text })));
  await Promise.all(accepted);
  // Of 16 MiB, a character counting as two bytes.
  expect(Math.max(...posted)).toBeLessThanOrEqual(8);
  expect((await unfinishedTurns(journal)).map(({ id }) => id)).toEqual(ids);
});

it('says with the codes of SQLite what went wrong', async () => {
  const path = join(temporaryDirectory(), 'gateway.db');
  const journal = await openThreadedJournal(path);
  const unlock = lock(path);
  await expect(journal.accept(turn('a'))).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR', errcode: 5 });
  unlock();
  await journal.accept(turn('b'));
  expect(await journal.find('a')).toBeUndefined();
});

it('refuses a file that is not for it with what to do, and does not touch it', async () => {
  const path = join(temporaryDirectory(), 'gateway.db');
  writeFileSync(path, 'hello '.repeat(1_000));
  const refused = await new ThreadedJournal().open(path).catch((error) => error);
  expect(refused).toBeInstanceOf(StartupError);
  expect(refused).toMatchObject({
    message: expect.stringMatching(/^cannot use the journal .*gateway\.db: it is not a SQLite database; move it away/),
  });
});

it('answers in the order of effects: no reader gets data older than an earlier answer', async () => {
  const journal = await openThreadedJournal();
  const order: string[] = [];
  const writing = journal.accept(turn('a')).then(() => order.push('stored'));
  const reading = journal.find('a').then((found) => order.push(found ? 'found' : 'not found yet'));
  await Promise.all([writing, reading]);
  expect(order).toEqual(['not found yet', 'stored']);
});

it('reads earlier writes, and rejects calls while it closes at once', async () => {
  const journal = await openThreadedJournal();
  await journal.accept(turn('a'));
  const reading = journal.find('a');
  const closing = journal.close();
  await expect(journal.accept(turn('b'))).rejects.toThrow('the journal is closed');
  expect((await reading)?.id).toBe('a');
  await closing;
  await expect(journal.close()).rejects.toThrow('the journal is closed');
});
