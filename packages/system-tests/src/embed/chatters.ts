import { setTimeout as delay } from 'node:timers/promises';
import type { DocumentedServer } from './documented-server.ts';

/** Answered at once by the model. */
export const SHORT = 'x';
/** Between two messages of a client, in ms: while the server is down, clients must not take the processor. */
const PAUSE_MS = 5;
/** Longer than any answer takes. */
const PATIENCE_MS = 30_000;

/** Clients that ask a server that may die at any time, and what the test knows of its drains. */
export class Chatters implements AsyncDisposable {
  readonly #server: DocumentedServer;
  readonly #stop = new AbortController();
  readonly #clients: Promise<unknown>;
  readonly #admitted: { sentAt: number; answeredAt: number }[] = [];
  readonly #holds: { from: number; to: number }[] = [];

  constructor(server: DocumentedServer, size: number) {
    this.#server = server;
    server.model.atOnce.add(SHORT);
    this.#clients = Promise.all(Array.from({ length: size }, (_, n) => this.#talk(`client-${n}`)));
  }

  /** Between the call and the end of `during`, no turn may start. */
  async hold(during: () => Promise<void>): Promise<void> {
    const hold = { from: performance.now(), to: Number.POSITIVE_INFINITY };
    this.#holds.push(hold);
    await during();
    hold.to = performance.now();
  }

  /** Turns that were admitted. */
  get admitted(): number {
    return this.#admitted.length;
  }

  /** Turns that were asked for and answered in a hold: what is answered later may have been admitted after its end. */
  get slipped(): number {
    return this.#admitted.filter(({ sentAt, answeredAt }) =>
      this.#holds.some(({ from, to }) => from < sentAt && answeredAt < to),
    ).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    const ended = await Promise.race([this.#clients, delay(2 * PATIENCE_MS, 'late' as const, { ref: false })]);
    if (ended === 'late') throw new Error('expected the clients to end after the abort');
  }

  async #talk(session: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const sentAt = performance.now();
      const status = await this.#ask(session).catch(() => undefined);
      if (status === 200) this.#admitted.push({ sentAt, answeredAt: performance.now() });
      await delay(PAUSE_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** @returns the status of an answer that came whole. */
  async #ask(session: string): Promise<number> {
    // Both are held here: nothing but the garbage collector would end what waits for a signal that is collected.
    const timeout = new AbortController();
    const abort = () => timeout.abort();
    const timer = setTimeout(abort, PATIENCE_MS);
    this.#stop.signal.addEventListener('abort', abort);
    try {
      const response = await this.#server.chat(session, SHORT, timeout.signal);
      await response.text();
      return response.status;
    } finally {
      clearTimeout(timer);
      this.#stop.signal.removeEventListener('abort', abort);
    }
  }
}
