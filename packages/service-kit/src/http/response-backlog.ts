import type { Server, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';

/**
 * The most that may wait for clients that do not read, in bytes: less where the heap is small. What waits is in memory
 * about three times, as an event, as text, and in the socket.
 */
const MAX_BYTES = 64 * 1024 * 1024;
const SHARE_OF_HEAP = 1 / 16;

const STALL_MS = 30_000;

export interface ResponseBacklogOptions {
  /** A client that takes nothing for this long is cut off, in ms. Default: 30 s. */
  readonly stallMs?: number | undefined;
  /** Bytes that may wait for all clients together; of text that is not ASCII Node counts characters. Default: 64 MiB, at most a sixteenth of the heap. */
  readonly maxBytes?: number | undefined;
}

export type CutOffReason = 'stalled' | 'overloaded';

/**
 * What a server holds for clients that do not read their responses, bounded in time and, for all clients together, in
 * bytes. Beyond the bytes those clients are cut off first that have had no room for the longest time.
 */
export class ResponseBacklog {
  readonly #stallMs: number;
  readonly #maxBytes: number;
  /** The longest wait first; each with a function that ends it. */
  readonly #waiting = new Map<ServerResponse, { readonly bytes: number; readonly end: () => void }>();
  readonly #cutOff: Record<CutOffReason, number> = { stalled: 0, overloaded: 0 };
  #bytes = 0;

  constructor({ stallMs = STALL_MS, maxBytes }: ResponseBacklogOptions = {}) {
    this.#stallMs = stallMs;
    this.#maxBytes = maxBytes ?? Math.min(MAX_BYTES, getHeapStatistics().heap_size_limit * SHARE_OF_HEAP);
  }

  /** Bytes that wait for clients without room for more. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Clients that were cut off since the start, by reason. */
  get cutOff(): Readonly<Record<CutOffReason, number>> {
    return this.#cutOff;
  }

  /** Watches each response of `server` from its end on, until the client has taken all of it. */
  watch(server: Server): void {
    server.on('request', (_request, response: ServerResponse) => {
      response.once('prefinish', () => {
        if (response.writableLength > 0) void this.drained(response);
      });
    });
  }

  /**
   * Resolves when the client has room for more, or has taken all of a response that has ended, or is gone: because it
   * left, or because it was cut off. To be called after a write for which there was no room.
   */
  async drained(response: ServerResponse): Promise<void> {
    // What is written leaves with the end of this turn of the event loop.
    await nextTurn();
    if (!hasToWait(response) || this.#waiting.has(response)) return;
    const over = Promise.withResolvers<void>();
    const { socket } = response;
    const timeout = this.#stallMs / 2;
    const onTimeout = () => this.#cut(response, 'stalled');
    const end = () => {
      for (const event of ['drain', 'finish', 'close']) response.off(event, end);
      response.off('timeout', onTimeout);
      // After the end of a response the server may have set a timeout of its own.
      if (socket?.timeout === timeout) socket.setTimeout(0);
      if (this.#waiting.delete(response)) this.#bytes -= bytes;
      over.resolve();
    };
    for (const event of ['drain', 'finish', 'close']) response.on(event, end);
    // Node starts it again where some of the bytes have left in the meantime: a slow client is not cut off, and one that
    // takes nothing for `stallMs` is.
    response.on('timeout', onTimeout);
    socket?.setTimeout(timeout);
    const bytes = response.writableLength;
    this.#bytes += bytes;
    this.#waiting.set(response, { bytes, end });
    this.#shed();
    await over.promise;
  }

  #shed(): void {
    for (const response of this.#waiting.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#cut(response, 'overloaded');
    }
  }

  #cut(response: ServerResponse, reason: CutOffReason): void {
    this.#cutOff[reason] += 1;
    response.destroy();
    this.#waiting.get(response)?.end();
  }
}

function hasToWait(response: ServerResponse): boolean {
  if (response.destroyed || response.writableFinished) return false;
  return response.writableEnded ? response.writableLength > 0 : response.writableNeedDrain;
}
