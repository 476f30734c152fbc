import type { SSEMessage } from '@fastify/sse';
import type { ResponseBacklog } from '@hermes/service-kit/http';
import type { FastifyReply } from 'fastify';

/** The event stream of one client, until it disconnects. */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #backlog: ResponseBacklog;
  readonly #left = new AbortController();

  constructor(reply: FastifyReply, backlog: ResponseBacklog) {
    this.#reply = reply;
    this.#backlog = backlog;
    reply.sse.onClose(() => this.#leave());
  }

  /** Aborts when the client has disconnected, or was cut off. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /**
   * Waits until the client has room for more, or has disconnected. Cuts off a client that does not read: see {@link
   * ResponseBacklog}.
   */
  async send(message: SSEMessage | string): Promise<void> {
    if (this.left.aborted) return;
    const sent = this.#reply.sse.send(message);
    if (!this.#reply.raw.writableNeedDrain) return sent;
    await this.#backlog.drained(this.#reply.raw);
    if (this.#reply.raw.destroyed) this.#leave();
  }

  /** Sends the head now; otherwise the first event does. */
  open(): void {
    if (!this.left.aborted) this.#reply.sse.sendHeaders();
  }

  /** The same as {@link send}, for whole events as text. */
  async write(events: string): Promise<void> {
    if (this.left.aborted) return;
    this.open();
    if (this.#reply.raw.write(events)) return;
    await this.#backlog.drained(this.#reply.raw);
    if (this.#reply.raw.destroyed) this.#leave();
  }

  /** Ends it from the server side: the reader of its events stops. */
  close(): void {
    this.#leave();
  }

  #leave(): void {
    if (this.left.aborted) return;
    // Not with an error: its stack would keep the response in memory.
    this.#left.abort('gone');
    // A writer that waits for room would otherwise wait for ever, and keep its event in memory.
    this.#reply.raw.emit('drain');
  }
}
