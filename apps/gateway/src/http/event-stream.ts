import type { SSEMessage } from '@fastify/sse';
import type { ResponseBacklog } from '@hermes/service-kit';
import type { FastifyReply } from 'fastify';

/** The events that go to one client, until it leaves. */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #backlog: ResponseBacklog;
  readonly #left = new AbortController();

  constructor(reply: FastifyReply, backlog: ResponseBacklog) {
    this.#reply = reply;
    this.#backlog = backlog;
    reply.sse.onClose(() => this.#left.abort());
  }

  /** Aborts when the client has left, or was cut off. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /** Waits until the client has room for more, or is gone. One that does not read is cut off: see {@link ResponseBacklog}. */
  async send(message: SSEMessage | string): Promise<void> {
    if (this.left.aborted || this.#reply.raw.destroyed) return;
    const sent = this.#reply.sse.send(message);
    // Without room it resolves when there is some: never, if the client is gone first.
    if (this.#reply.raw.writableNeedDrain) await this.#backlog.drained(this.#reply.raw);
    else await sent;
  }
}
