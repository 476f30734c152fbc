import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Journal } from './journal.ts';
import type { Answer, Answers, Call, Method } from './thread-messages.ts';

/** Beside this file: as source, compiled, and bundled. */
const THREAD = new URL(`./journal-thread${extname(import.meta.url)}`, import.meta.url);

/** What it does lives for a commit: more room for it would only take memory. In MB. */
const YOUNG_MB = 4;

/**
 * The journal in a thread of its own, which starts at once and opens the file when it is told. While the disk is slow,
 * or another process holds the file locked, everything else goes on: probes, refusals and the turns that run. What is
 * asked in one turn of the event loop travels together.
 */
export class ThreadedJournal implements Journal {
  readonly #thread = new Worker(THREAD, { name: 'journal', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #calls: Call[] = [];
  #lastId = 0;
  #commits = 0;
  #isClosed = false;

  /**
   * Opens the file at `path`, before anything else is asked. Once it is open nobody handles a failure of the thread
   * itself, so that it ends the process as one of the main thread would.
   * @throws StartupError when the file cannot be used; it is then untouched.
   */
  async open(path: string): Promise<void> {
    this.#thread.postMessage(path);
    await once(this.#thread, 'message');
    this.#thread.on('message', (message: Answers) => this.#receive(message));
  }

  readonly accept = this.#remote('accept');
  readonly start = this.#remote('start');
  readonly recordAgentProcess = this.#remote('recordAgentProcess');
  readonly cutOffTurns = this.#remote('cutOffTurns');
  readonly end = this.#remote('end');
  readonly find = this.#remote('find');
  readonly findMessage = this.#remote('findMessage');
  readonly unfinished = this.#remote('unfinished');
  readonly turns = this.#remote('turns');
  readonly tellOnce = this.#remote('tellOnce');
  readonly toldSessions = this.#remote('toldSessions');
  readonly tellBack = this.#remote('tellBack');
  readonly tell = this.#remote('tell');
  readonly lastEventSeq = this.#remote('lastEventSeq');
  readonly eventsAfter = this.#remote('eventsAfter');
  readonly deliveries = this.#remote('deliveries');
  readonly nextDeliveries = this.#remote('nextDeliveries');
  readonly delivered = this.#remote('delivered');
  readonly deliveryFailed = this.#remote('deliveryFailed');
  readonly prune = this.#remote('prune');

  get commits(): number {
    return this.#commits;
  }

  async close(): Promise<void> {
    const closed = this.#call('close', []);
    this.#isClosed = true;
    await closed;
    await this.#thread.terminate();
  }

  #remote<M extends Method>(method: M): Journal[M] {
    return ((...args: unknown[]) => this.#call(method, args)) as Journal[M];
  }

  #call(method: Method, args: readonly unknown[]): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Error('the journal is closed'));
    const answer = Promise.withResolvers<unknown>();
    const id = ++this.#lastId;
    this.#pending.set(id, answer);
    this.#calls.push({ id, method, args });
    if (this.#calls.length === 1) setImmediate(() => this.#send());
    return answer.promise;
  }

  #send(): void {
    this.#thread.postMessage(this.#calls);
    this.#calls = [];
  }

  #receive({ answers, commits }: Answers): void {
    this.#commits = commits;
    for (const answer of answers) this.#settle(answer);
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('value' in answer) pending?.resolve(answer.value);
    else pending?.reject(Object.assign(answer.error as Error, answer.details));
  }
}
