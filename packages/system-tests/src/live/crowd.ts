import { Agent, request } from 'node:http';

/** Against hanging. */
const ANSWER_MS = 10_000;

/** One message: when it was sent, by `performance.now()`, and the status it was answered with. */
export interface Attempt {
  readonly sentAt: number;
  readonly status: number;
}

/** How a message is sent. */
interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** Clients that send one message after another, each on a connection and in a session of its own. */
export class Crowd implements AsyncDisposable {
  readonly size: number;
  readonly #url: string;
  readonly #ask: (session: string) => Ask;
  readonly #agent = new Agent({ keepAlive: true });
  #attempts: Attempt[] = [];
  #clients: Promise<unknown> = Promise.resolve();
  #inside = false;

  /** @param url base URL of a gateway, or of another server if `ask` says how it is asked. */
  constructor(url: string, size: number, ask = postMessage) {
    this.#url = url;
    this.size = size;
    this.#ask = ask;
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
    const ask = this.#ask(session);
    while (this.#inside) {
      const sentAt = performance.now();
      const status = await send(this.#url, ask, this.#agent);
      this.#attempts.push({ sentAt, status });
    }
  }
}

function postMessage(session: string): Ask {
  return { method: 'POST', path: '/v1/messages', body: JSON.stringify({ session, text: 'x' }) };
}

function send(url: string, { method, path, body }: Ask, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'content-type': 'application/json', 'content-length': body.length } : {};
    const sent = request(`${url}${path}`, { method, agent, headers, timeout: ANSWER_MS }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_MS} ms`))).on('error', reject);
    sent.end(body);
  });
}
