import { Agent, request } from 'node:http';

/** Against hanging. */
const ANSWER_MS = 10_000;

/** One message: when it was sent, by `performance.now()`, and the status it was answered with. */
export interface Attempt {
  readonly sentAt: number;
  readonly status: number;
}

/** Clients that send one message after another, each on a connection and in a session of its own. */
export class Crowd implements AsyncDisposable {
  readonly size: number;
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true });
  #attempts: Attempt[] = [];
  #clients: Promise<unknown> = Promise.resolve();
  #inside = false;

  /** @param url base URL of a gateway. */
  constructor(url: string, size: number) {
    this.#url = url;
    this.size = size;
  }

  enter(): void {
    this.#inside = true;
    this.#clients = Promise.all(Array.from({ length: this.size }, (_, n) => this.#talk(`client-${n}`)));
  }

  /** Resolves when every message that was sent has been answered, and none is sent any more. */
  async pause(): Promise<void> {
    this.#inside = false;
    await this.#clients;
  }

  /** Resolves when `count` more messages have been answered. */
  async answers(count: number): Promise<void> {
    const goal = this.#attempts.length + count;
    const deadline = performance.now() + ANSWER_MS;
    while (this.#attempts.length < goal) {
      if (performance.now() > deadline) throw new Error(`no answer within ${ANSWER_MS} ms`);
      await new Promise(setImmediate);
    }
  }

  /** The messages that were answered since the last call. */
  take(): Attempt[] {
    const attempts = this.#attempts;
    this.#attempts = [];
    return attempts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What becomes of the last messages was told to whoever waited for them.
    await this.pause().catch(() => undefined);
    this.#agent.destroy();
  }

  async #talk(session: string): Promise<void> {
    const body = JSON.stringify({ session, text: 'x' });
    while (this.#inside) {
      const sentAt = performance.now();
      const status = await post(`${this.#url}/v1/messages`, body, this.#agent);
      this.#attempts.push({ sentAt, status });
    }
  }
}

function post(url: string, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent, headers, timeout: ANSWER_MS }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_MS} ms`))).on('error', reject);
    sent.end(body);
  });
}
