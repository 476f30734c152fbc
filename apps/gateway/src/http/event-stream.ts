import type { SSEMessage } from '@fastify/sse';
import type { FastifyReply } from 'fastify';

/** The events that go to one client, until it leaves. */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #left = new AbortController();
  readonly #leaving = Promise.withResolvers<void>();

  constructor(reply: FastifyReply) {
    this.#reply = reply;
    reply.sse.onClose(() => {
      this.#left.abort();
      this.#leaving.resolve();
    });
  }

  /** Aborts when the client has left. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /** Waits until the client has room for more, or has left: one that stopped reading before it left never has room. */
  async send(message: SSEMessage | string): Promise<void> {
    await Promise.race([this.#reply.sse.send(message), this.#leaving.promise]);
  }
}
