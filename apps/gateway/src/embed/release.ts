import type { Permit } from './types.ts';

/** What `releaseOnClose` needs of a response of `node:http`, which Express and Fastify (as `reply.raw`) have, too. */
export interface ClosingResponse {
  readonly closed: boolean;
  readonly writableFinished: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * Releases the permit when the response is closed: its last byte is handed over. If its client is gone before, aborts the
 * signal of the permit, too.
 */
export function releaseOnClose(permit: Permit, response: ClosingResponse): void {
  const end = () => (response.writableFinished ? permit.release() : permit.abandon());
  if (response.closed) end();
  else response.once('close', end);
}

/** What `releaseAfterBody` needs of a request of the Fetch API. */
export interface AnsweredRequest {
  readonly method: string;
  readonly signal: AbortSignal;
}

/**
 * For servers that answer with a `Response` of the Fetch API: releases the permit when the body was read to its end or
 * failed. If the body is cancelled, or its client is gone before, aborts the signal of the permit, too. Each chunk counts as
 * progress. @returns the response to answer with.
 */
export function releaseAfterBody(permit: Permit, request: AnsweredRequest, response: Response): Response {
  if (response.body === null || request.method === 'HEAD') {
    void response.body?.cancel();
    permit.release();
    return response.body === null ? response : new Response(null, response);
  }
  const reader = response.body.getReader();
  const abandon = () => {
    permit.abandon();
    void reader.cancel().catch(() => undefined);
  };
  if (request.signal.aborted) abandon();
  request.signal.addEventListener('abort', abandon, { once: true });
  const end = () => {
    request.signal.removeEventListener('abort', abandon);
    permit.release();
  };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          end();
          controller.close();
        } else {
          permit.progress();
          controller.enqueue(value);
        }
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      permit.abandon();
      end();
      await reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
