import type { SSEMessage } from '@fastify/sse';
import type { ResponseBacklog } from '@hermes/service-kit/http';
import type { FastifyReply } from 'fastify';

/** The events that go to one client, until it leaves. */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #backlog: ResponseBacklog;
  readonly #left = new AbortController();

  constructor(reply: FastifyReply, backlog: ResponseBacklog) {
    this.#reply = reply;
    this.#backlog = backlog;
    reply.sse.onClose(() => this.#leave());
  }

  /** Aborts when the client has left, or was cut off. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /** Waits until the client has room for more, or is gone. One that does not read is cut off: see {@link ResponseBacklog}. */
  async send(message: SSEMessage | string): Promise<void> {
    if (this.left.aborted) return;
    const sent = this.#reply.sse.send(message);
    if (!this.#reply.raw.writableNeedDrain) return sent;
    await this.#backlog.drained(this.#reply.raw);
    if (this.#reply.raw.destroyed) this.#leave();
  }

  /** Ends it from our side: what reads its events for it stops. */
  close(): void {
    this.#leave();
  }

  #leave(): void {
    if (this.left.aborted) return;
    // Not with an error: its stack would hold the response.
    this.#left.abort('gone');
    // Else what waits for room waits for ever, and holds what it was to send.
    this.#reply.raw.emit('drain');
  }
}
