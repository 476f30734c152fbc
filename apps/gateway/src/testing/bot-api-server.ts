import type { ServerResponse } from 'node:http';
import { type LocalServer, localServer, received } from './local-server.ts';

export interface BotCall {
  readonly method: string;
  readonly payload: Record<string, unknown>;
}

/** What the server does with a call instead of answering it as it should; nothing at all when it does nothing. */
export type Fault = (response: ServerResponse) => void;

export const TOKEN = '123456:ABC-def_GHI';

/** A Bot API server: keeps updates until a later offset is asked for, holds a request when there are none. */
export class BotApiServer {
  readonly calls: BotCall[] = [];
  /** For each method, what goes wrong with its next calls; nothing with one that is `undefined`. */
  readonly faults: Record<string, (Fault | undefined)[]> = {};
  /** How many calls had another token. */
  strangers = 0;
  /** The files by their id; the server gives out each by its id, too. */
  readonly files = new Map<string, Buffer>();
  #lastMessage = 1_000;
  readonly #updates: { update_id: number }[] = [];
  #server: LocalServer | undefined;
  #news = Promise.withResolvers<void>();

  /** Listens; again on the same port after it was closed. */
  async listen(): Promise<void> {
    const port = this.#server ? Number(new URL(this.#server.url).port) : 0;
    this.#server = await localServer((request, response) => {
      void received(request, response).then(({ body }) => this.#answer(request.url ?? '', body, response));
    }, port);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** The ids of updates that no client has confirmed. */
  get unconfirmed(): number[] {
    return this.#updates.map(({ update_id: id }) => id);
  }

  /** What was said in a chat, in order. */
  said(chat: number): unknown[] {
    const sent = this.calls.filter(({ method, payload }) => method === 'sendMessage' && payload.chat_id === chat);
    return sent.map(({ payload }) => payload.text);
  }

  offsets(): unknown[] {
    return this.calls.filter(({ method }) => method === 'getUpdates').map(({ payload }) => payload.offset);
  }

  /** Something happens to the bot. */
  update(id: number, content: Record<string, unknown>): void {
    this.#updates.push({ update_id: id, ...content });
    this.#news.resolve();
  }

  /** A user writes to the bot. */
  message(id: number, chat: number, text: string): void {
    this.update(id, { message: { message_id: id * 10, date: 1, chat: { id: chat, type: 'private' }, text } });
  }

  /** Something else than text in a chat, of a user unless `content` says otherwise. */
  post(id: number, chat: Record<string, unknown>, content: Record<string, unknown>): void {
    const from = { id: 7, is_bot: false, first_name: 'P' };
    this.update(id, { message: { message_id: id * 10, date: 1, chat, from, ...content } });
  }

  /** The calls of these methods, in order. */
  callsOf(...methods: string[]): BotCall[] {
    return this.calls.filter(({ method }) => methods.includes(method));
  }

  async #answer(path: string, body: string, response: ServerResponse): Promise<void> {
    const method = path.split('/').at(-1) ?? '';
    if (path.startsWith(`/file/bot${TOKEN}/`)) return this.#getFile(method, response);
    const payload = JSON.parse(body || '{}') as Record<string, unknown>;
    if (path !== `/bot${TOKEN}/${method}`) {
      this.strangers += 1;
      return reply(response, 401, 'Unauthorized');
    }
    const fault = this.faults[method]?.shift();
    if (fault) return fault(response);
    this.calls.push({ method, payload });
    if (method === 'getUpdates') return this.#getUpdates(payload, response);
    response.end(JSON.stringify({ ok: true, result: this.#resultOf(method, payload) }));
  }

  #resultOf(method: string, payload: Record<string, unknown>): unknown {
    if (method === 'getMe') return { id: 1, is_bot: true, first_name: 'B', username: 'b_bot' };
    if (method === 'getFile') return { file_id: payload.file_id, file_path: payload.file_id };
    if (method === 'sendChatAction') return true;
    return { message_id: method === 'sendMessage' ? ++this.#lastMessage : payload.message_id };
  }

  #getFile(id: string, response: ServerResponse): void {
    this.calls.push({ method: 'file', payload: { id } });
    const fault = this.faults.file?.shift();
    if (fault) fault(response);
    else response.writeHead(this.files.has(id) ? 200 : 404).end(this.files.get(id));
  }

  async #getUpdates(payload: Record<string, unknown>, response: ServerResponse): Promise<void> {
    const first = this.#updates.findIndex(({ update_id: id }) => id >= Number(payload.offset));
    this.#updates.splice(0, first < 0 && Number(payload.offset) > 0 ? Number.POSITIVE_INFINITY : Math.max(first, 0));
    if (this.#updates.length === 0 && payload.timeout !== 0) {
      this.#news = Promise.withResolvers();
      await this.#news.promise;
    }
    response.end(JSON.stringify({ ok: true, result: this.#updates.slice(0, Number(payload.limit)) }));
  }
}

/** A refusal as the Bot API words it. */
export function reply(response: ServerResponse, status: number, description: string, parameters = {}): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ok: false, error_code: status, description, parameters }));
}

/** Faults to put in the way. */
export const refuse =
  (status: number, description: string, parameters = {}): Fault =>
  (response) =>
    reply(response, status, description, parameters);
export const drop: Fault = (response) => void response.destroy();
export const hang: Fault = () => undefined;
export const page: Fault = (response) => void response.writeHead(502).end('<html>Bad gateway</html>');
