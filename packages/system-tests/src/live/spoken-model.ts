import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface ChatRequest {
  readonly messages: readonly { readonly content: unknown }[];
}

const BOUND_MS = 90_000;

/** A model server for the `openai` agent. A test says its answers, piece by piece. */
export class SpokenModel implements AsyncDisposable {
  /** The last message of each request, in order. */
  readonly asked: string[] = [];
  /** Those of them whose answer was not read to its end. */
  readonly abandoned: string[] = [];
  readonly #answers: ServerResponse[] = [];
  readonly #requests = new EventEmitter();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#hear(request, response).catch(() => undefined));
  }

  static async start(): Promise<SpokenModel> {
    const model = new SpokenModel();
    await once(model.#server.listen(0, '127.0.0.1'), 'listening');
    return model;
  }

  /** The `agent` section of config.yaml. */
  get agent(): string {
    return JSON.stringify({ kind: 'openai', base_url: this.url, model: 'spoken' });
  }

  /** The base URL of its API. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  /** Waits until it has been asked that often. */
  async isAsked(times: number): Promise<void> {
    const signal = AbortSignal.timeout(BOUND_MS);
    while (this.asked.length < times) await once(this.#requests, 'asked', { signal });
  }

  /** A piece of the answer to the last request. */
  say(text: string): void {
    this.#answers.at(-1)?.write(eventOf({ content: text }, null));
  }

  /** The rest of the answer to the last request, and its end. */
  end(text = ''): void {
    this.#answers.at(-1)?.end(`${eventOf({ content: text }, 'stop')}data: [DONE]\n\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { messages } = (await json(request)) as ChatRequest;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventOf({ role: 'assistant', content: '' }, null));
    const text = textOf(messages.at(-1)?.content);
    response.once('close', () => response.writableFinished || this.abandoned.push(text));
    this.#answers.push(response);
    this.asked.push(text);
    this.#requests.emit('asked');
  }
}

function eventOf(delta: object, finish_reason: string | null): string {
  const chunk = { id: 'spoken', object: 'chat.completion.chunk', created: 0, model: 'spoken' };
  return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}

/** @param content a text, or a list of parts. */
function textOf(content: unknown): string {
  if (!Array.isArray(content)) return String(content);
  return content.map(({ text }: { readonly text?: string }) => text ?? '').join('');
}
