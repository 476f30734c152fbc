/** What runs in the thread of a {@link ThreadedJournal}: keeps the journal, does what it is asked, and answers. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { SqliteJournal } from './sqlite-journal.ts';
import type { Answer, Answers, Call } from './thread-messages.ts';

const port = parentPort as MessagePort;
const journal = new SqliteJournal(workerData as string);
let answers: Answer[] = [];

/** A commit answers many calls in a row: what they are told leaves together. */
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
