import type { Permit } from './types.ts';

/** What `releaseOnClose` needs of a response of `node:http`, which Express and Fastify (as `reply.raw`) have, too. */
export interface ClosingResponse {
  readonly closed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** Releases the permit when the response is closed: its last byte is handed over, or its client is gone. */
export function releaseOnClose(permit: Permit, response: ClosingResponse): void {
  if (response.closed) permit.release();
  else response.once('close', () => permit.release());
}

/**
 * For servers that answer with a `Response` of the Fetch API: releases the permit when the body was read to its end,
 * failed, or was cancelled, because the client is gone. Each chunk counts as progress. @returns the response to answer
 * with.
 */
export function releaseAfterBody(permit: Permit, response: Response): Response {
  if (response.body === null) {
    permit.release();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          permit.release();
          controller.close();
        } else {
          permit.progress();
          controller.enqueue(value);
        }
      } catch (error) {
        permit.release();
        controller.error(error);
      }
    },
    async cancel(reason) {
      permit.release();
      await reader.cancel(reason);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}
