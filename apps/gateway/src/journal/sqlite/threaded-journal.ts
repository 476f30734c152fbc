import { EventEmitter, once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StartupError } from '@hermes/service-kit';
import type { Journal } from '../journal.ts';
import type { Answer, Answers, Call, Method, NotOpened } from './thread-messages.ts';

/** Beside this file, whether this is source, compiled or bundled code. */
const THREAD = new URL(`./journal-thread${extname(import.meta.url)}`, import.meta.url);

/** Young generation of the thread in MB: its objects live for one commit only, so more would waste memory. */
const YOUNG_MB = 4;

/**
 * Maximum bytes of strings in calls that the thread has not answered: the thread has several copies of each. Further
 * calls wait in this thread, which has them in memory anyway. A single call may be larger.
 */
const MAX_IN_FLIGHT_BYTES = 16 * 1_048_576;

/** A call that has not been answered. */
interface Pending extends PromiseWithResolvers<unknown> {
  readonly bytes: number;
}

/**
 * The journal in its own thread, which starts at once and opens the file on request. A slow disk or a lock of another
 * process does not block the event loop: probes, refusals and running turns continue. All calls of one turn of the
 * event loop are sent together. Emits `failure` with every error of a call, before the call rejects.
 */
export class ThreadedJournal extends EventEmitter<{ failure: [unknown] }> implements Journal {
  readonly #thread = new Worker(THREAD, { name: 'journal', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  readonly #pending = new Map<number, Pending>();
  /** The pending calls that have not been sent yet, in order. */
  #calls: Call[] = [];
  #isSending = false;
  #inFlightBytes = 0;
  #lastId = 0;
  #commits = 0;
  #isClosed = false;

  /**
   * Opens the file at `path`. Must be the first call. After the file is open, a failure of the thread itself ends the
   * process, like one of the main thread.
   * @throws StartupError when the file cannot be used; it is then unchanged. After a temporary failure, the call can be
   * repeated.
   */
  async open(path: string): Promise<void> {
    this.#thread.postMessage(path);
    const [answer] = (await once(this.#thread, 'message').catch(throwAsStartupError)) as [Answers | NotOpened];
    if ('problem' in answer) throw new StartupError(answer.problem, { temporary: true });
    this.#thread.on('message', (message: Answers) => this.#receive(message));
  }

  /** Ends the thread of a journal that was not opened. */
  async discard(): Promise<void> {
    this.#isClosed = true;
    await this.#thread.terminate();
  }

  readonly accept = this.#remote('accept');
  readonly start = this.#remote('start');
  readonly recordAgentProcess = this.#remote('recordAgentProcess');
  readonly cutOffTurns = this.#remote('cutOffTurns');
  readonly end = this.#remote('end');
  readonly answer = this.#remote('answer');
  readonly find = this.#remote('find');
  readonly findMessage = this.#remote('findMessage');
  readonly revise = this.#remote('revise');
  readonly moveSession = this.#remote('moveSession');
  readonly history = this.#remote('history');
  readonly unfinished = this.#remote('unfinished');
  readonly turns = this.#remote('turns');
  readonly recordNoticeOnce = this.#remote('recordNoticeOnce');
  readonly notifiedDrain = this.#remote('notifiedDrain');
  readonly notifiedSessions = this.#remote('notifiedSessions');
  readonly recordDrainEnd = this.#remote('recordDrainEnd');
  readonly announce = this.#remote('announce');
  readonly identity = this.#remote('identity');
  readonly lastEventSeq = this.#remote('lastEventSeq');
  readonly eventsAfter = this.#remote('eventsAfter');
  readonly deliveries = this.#remote('deliveries');
  readonly countDeliveries = this.#remote('countDeliveries');
  readonly nextDeliveries = this.#remote('nextDeliveries');
  readonly findDelivery = this.#remote('findDelivery');
  readonly delivered = this.#remote('delivered');
  readonly deliveryFailed = this.#remote('deliveryFailed');
  readonly prune = this.#remote('prune');
  readonly probe = this.#remote('probe');

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
    const pending = { ...Promise.withResolvers<unknown>(), bytes: bytesIn(args) };
    const id = ++this.#lastId;
    this.#pending.set(id, pending);
    this.#calls.push({ id, method, args });
    this.#sendSoon();
    return pending.promise;
  }

  #sendSoon(): void {
    if (this.#isSending || this.#calls.length === 0) return;
    this.#isSending = true;
    setImmediate(() => {
      this.#isSending = false;
      this.#send();
    });
  }

  #send(): void {
    const count = this.#countSendable();
    if (count === 0) return;
    const calls = count === this.#calls.length ? this.#calls : this.#calls.slice(0, count);
    this.#calls = this.#calls.slice(count);
    this.#thread.postMessage(calls);
  }

  /** Reserves memory for waiting calls. @returns how many fit. */
  #countSendable(): number {
    let count = 0;
    for (const { id } of this.#calls) {
      const bytes = this.#pending.get(id)?.bytes ?? 0;
      if (this.#inFlightBytes > 0 && this.#inFlightBytes + bytes > MAX_IN_FLIGHT_BYTES) break;
      this.#inFlightBytes += bytes;
      count += 1;
    }
    return count;
  }

  #receive({ answers, commits }: Answers): void {
    this.#commits = commits;
    for (const answer of answers) this.#settle(answer);
    this.#sendSoon();
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    this.#inFlightBytes -= pending?.bytes ?? 0;
    if ('value' in answer) pending?.resolve(answer.value);
    else {
      const error = Object.assign(answer.error as Error, answer.details);
      this.emit('failure', error);
      pending?.reject(error);
    }
  }
}

/** An error from another thread has kept its name, but not its class. */
function throwAsStartupError(error: Error): never {
  throw error.name === 'StartupError' ? new StartupError(error.message, { cause: error, temporary: false }) : error;
}

/** Maximum depth of an argument that is measured: the replies of an announcement are the deepest. */
const MAX_DEPTH = 6;

/** Maximum memory of the strings in `value`, in bytes. Each call is measured; `Object.values` is faster than `for in`. */
function bytesIn(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return 0;
  let bytes = 0;
  for (const part of Object.values(value)) bytes += bytesIn(part, depth + 1);
  return bytes;
}
