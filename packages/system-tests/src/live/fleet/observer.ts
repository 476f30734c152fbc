import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** One start of a turn, as the model server saw it. Times are ms of `performance.now()`. */
export interface Run {
  readonly gateway: string;
  readonly session: string;
  readonly message: string;
  readonly startedAt: number;
  /** `undefined`: it is at work. */
  endedAt: number | undefined;
  /** Whether it was answered; else its gateway aborted it, or died. */
  isAnswered: boolean;
}

interface ChatRequest {
  readonly messages: readonly { readonly content: string }[];
}

/**
 * The model server of all gateways, and the independent observer: it sees when each turn starts and ends, at which
 * gateway, whatever the journal says. The text of a message is `SESSION MESSAGE`.
 */
export class Observer implements AsyncDisposable {
  readonly #server: Server;
  readonly #turnMs: number;
  /** In the order of their starts; only grows. */
  readonly runs: Run[] = [];

  private constructor(turnMs: number) {
    this.#turnMs = turnMs;
    this.#server = createServer((request, response) => void this.#answer(request, response).catch(() => undefined));
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(turnMs: number): Promise<Observer> {
    const observer = new Observer(turnMs);
    await once(observer.#server.listen(0, '127.0.0.1'), 'listening');
    return observer;
  }

  /** The `agent` section of config.yaml of a gateway. */
  agentOf(gateway: string): string {
    const { port } = this.#server.address() as AddressInfo;
    const base_url = `http://127.0.0.1:${port}/${gateway}/v1`;
    return JSON.stringify({ kind: 'openai', base_url, model: 'observer', max_retries: 0 });
  }

  get atWork(): number {
    return this.runs.filter(({ endedAt }) => endedAt === undefined).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, gateway = ''] = request.url?.split('/') ?? [];
    const { messages } = (await json(request)) as ChatRequest;
    const [session = '', message = ''] = messages.at(-1)?.content.split(' ') ?? [];
    const run: Run = { gateway, session, message, startedAt: performance.now(), endedAt: undefined, isAnswered: false };
    this.runs.push(run);
    const gone = new AbortController();
    response.once('close', () => {
      run.endedAt ??= performance.now();
      gone.abort();
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventOf({ role: 'assistant', content: '' }, null));
    await delay(this.#turnMs, undefined, { signal: gone.signal });
    run.isAnswered = true;
    run.endedAt = performance.now();
    response.end(`${eventOf({ content: answerTo(message) }, 'stop')}data: [DONE]\n\n`);
  }
}

/** What each message must be answered with. */
export function answerTo(message: string): string {
  return `answer to ${message}`;
}

function eventOf(delta: object, finish_reason: string | null): string {
  const chunk = { id: 'observer', object: 'chat.completion.chunk', created: 0, model: 'observer' };
  return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}
