import { getHeapStatistics } from 'node:v8';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tooManyBodiesProblem } from './refusal.ts';

export const MIB = 1_048_576;

/** Bodies up to this many bytes are not counted; the connection limit bounds them. */
const SMALL_BYTES = MIB;

/** Limit of all large bodies together: read, decoded and parsed, each is in memory about four times. */
const SHARE_OF_HEAP = 1 / 16;

/** The bytes of large request bodies in memory, limited for all requests together. */
export class LargeBodies {
  readonly #maxBytes: number;
  readonly #held = new WeakMap<FastifyRequest, number>();
  #bytes = 0;

  /** @param perBody a single body of this size always fits. */
  constructor(perBody: number, maxBytes = getHeapStatistics().heap_size_limit * SHARE_OF_HEAP) {
    this.#maxBytes = Math.max(perBody, maxBytes);
  }

  /** Bytes of the large bodies in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * A hook that reserves memory for the body of a request before it is read, until {@link release} or the end of the
   * request. A body of unknown length counts as `perBody` bytes.
   */
  reserve(perBody: number): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
    return async (request, reply) => {
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      const bytes = encoding === undefined ? Number(length ?? 0) : perBody;
      // A body over the limit is refused as too large, unread.
      if (bytes <= SMALL_BYTES || bytes > perBody) return;
      if (this.#bytes + bytes > this.#maxBytes) throw tooManyBodiesProblem(Math.floor(this.#maxBytes / MIB));
      this.#bytes += bytes;
      this.#held.set(request, bytes);
      reply.raw.once('close', () => this.release(request));
    };
  }

  /** The body of `request` is no longer in memory. */
  release(request: FastifyRequest): void {
    this.#bytes -= this.#held.get(request) ?? 0;
    this.#held.delete(request);
  }
}
