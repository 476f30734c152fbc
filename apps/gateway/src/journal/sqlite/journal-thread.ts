/** The thread of a {@link ThreadedJournal}: opens the journal, runs the calls, and answers them. */
import { once } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { isTemporary } from '@hermes/service-kit';
import { SqliteJournal } from './sqlite-journal.ts';
import type { Answer, Answers, Call, NotOpened } from './thread-messages.ts';

const port = parentPort as MessagePort;
const journal = await open();
let answers: Answer[] = [];

/** Opens the file of the next message. After a temporary failure, reports it and waits for the next message. */
async function open(): Promise<SqliteJournal> {
  for (;;) {
    const [path] = (await once(port, 'message')) as [string];
    try {
      return new SqliteJournal(path);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      const message: NotOpened = { problem: (error as Error).message };
      port.postMessage(message);
    }
  }
}

/** A commit answers many calls at once: their answers are sent in one message. */
function answer(given: Answer): void {
  answers.push(given);
  if (answers.length === 1) queueMicrotask(send);
}

function send(): void {
  const message: Answers = { answers, commits: journal.commits };
  answers = [];
  port.postMessage(message);
}

function run({ id, method, args }: Call): void {
  const asked = Reflect.apply(journal[method], journal, args) as Promise<unknown>;
  asked.then(
    (value) => answer({ id, value }),
    (error: object) => answer({ id, error, details: { ...error } }),
  );
}

port.on('message', (calls: readonly Call[]) => {
  for (const call of calls) run(call);
});
send();
