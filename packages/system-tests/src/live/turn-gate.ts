import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface ChatRequest {
  readonly messages: readonly { readonly content: string }[];
  readonly stream?: boolean;
}

/**
 * A model server for the `openai` agent whose answers wait until the gate is opened: a turn lasts exactly as long as a test
 * wants, however busy the machine is. Each answer is the text of the message.
 */
export class TurnGate implements AsyncDisposable {
  readonly #server: Server;
  #opened = Promise.withResolvers<void>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response).catch(() => undefined));
  }

  static async start(): Promise<TurnGate> {
    const gate = new TurnGate();
    await once(gate.#server.listen(0, '127.0.0.1'), 'listening');
    return gate;
  }

  /** The `agent` section of config.yaml. */
  get agent(): string {
    const { port } = this.#server.address() as AddressInfo;
    return JSON.stringify({ kind: 'openai', base_url: `http://127.0.0.1:${port}/v1`, model: 'gate' });
  }

  /** Lets the turns that wait finish, and those that come until it is shut. */
  open(): void {
    this.#opened.resolve();
  }

  shut(): void {
    this.#opened = Promise.withResolvers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.open();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { messages, stream } = (await json(request)) as ChatRequest;
    const content = messages.at(-1)?.content;
    if (!stream) {
      await this.#opened.promise;
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(completionOf(content));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventOf({ role: 'assistant', content: '' }, null));
    await this.#opened.promise;
    response.end(`${eventOf({ content }, 'stop')}data: [DONE]\n\n`);
  }
}

function completionOf(content: string | undefined): string {
  const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' };
  return JSON.stringify({ id: 'gate', object: 'chat.completion', created: 0, model: 'gate', choices: [choice] });
}

function eventOf(delta: object, finish_reason: string | null): string {
  const chunk = { id: 'gate', object: 'chat.completion.chunk', created: 0, model: 'gate' };
  return `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}
