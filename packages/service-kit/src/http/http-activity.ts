import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** So long without a request or an answer is a lull, in ms. */
const LULL_MS = 250;

/**
 * When a server last received or answered a request. A client or a load balancer that has just heard an answer may send the next
 * request on the same connection at any moment, and it is lost if the server closes that connection just then: HTTP/1.1 has no way
 * to refuse it. A server that stops waits for a lull before it closes its connections.
 */
export class HttpActivity {
  #last = Number.NEGATIVE_INFINITY;

  watch(server: Server): void {
    server.on('request', (_request, response) => {
      this.#note();
      response.once('close', () => this.#note());
    });
  }

  /** Resolves when nothing has been received or answered for {@link LULL_MS}, or when `bound` aborts. Never rejects. */
  async untilLull(bound: AbortSignal): Promise<void> {
    while (!bound.aborted) {
      const left = this.#last + LULL_MS - performance.now();
      if (left <= 0) return;
      await delay(left, undefined, { signal: bound }).catch(() => undefined);
    }
  }

  #note(): void {
    this.#last = performance.now();
  }
}
