import { setTimeout as delay } from 'node:timers/promises';
import type { DocumentedServer } from './documented-server.ts';

/** Answered at once by the model. */
export const SHORT = 'x';
/** Between two messages of a client, in ms: while the server is down, clients must not take the processor. */
const PAUSE_MS = 5;

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
    await this.#clients;
  }

  async #talk(session: string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const sentAt = performance.now();
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(30_000)]);
      const asked = this.#server.chat(session, SHORT, signal).then(readStatus);
      const status = await asked.catch(() => undefined);
      if (status === 200) this.#admitted.push({ sentAt, answeredAt: performance.now() });
      await delay(PAUSE_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}

async function readStatus(response: Response): Promise<number> {
  await response.text();
  return response.status;
}
