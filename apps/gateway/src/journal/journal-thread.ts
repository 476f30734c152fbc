/** What runs in the thread of a {@link ThreadedJournal}: keeps the journal, does what it is asked, and answers. */
import { once } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { SqliteJournal } from './sqlite-journal.ts';
import type { Answer, Answers, Call } from './thread-messages.ts';

const port = parentPort as MessagePort;
const [path] = (await once(port, 'message')) as [string];
const journal = new SqliteJournal(path);
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
