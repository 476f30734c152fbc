import { hash } from 'node:crypto';
import { ProblemError } from '@hermes/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../turns/repeats.ts';

/** OpenAI's clients say how often they have sent a request before. */
const RETRY_COUNT = 'x-stainless-retry-count';

/** Of ids that senders choose, in characters. */
const MAX_LENGTH = 200;

/** What a request has in common with the same one sent again: the route, the body, the key and the address. */
export function originOf(request: FastifyRequest): Origin {
  const { headers, ip, method, url, body } = request;
  const parts = [method, url, ip, headers.authorization ?? null, body];
  const retries = Number([headers[RETRY_COUNT]].flat()[0]);
  return { fingerprint: hash('sha256', JSON.stringify(parts), 'base64url'), isRetry: retries > 0 };
}

/** The sender's own id of a message, by the usual header. @throws ProblemError 400 */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  return shortHeader(request, 'idempotency-key');
}

/** @returns `undefined` where it is not sent, or empty. @throws ProblemError 400 when it is too long. */
export function shortHeader(request: FastifyRequest, name: string): string | undefined {
  const value = [request.headers[name]].flat()[0];
  if (value !== undefined && value.length > MAX_LENGTH) {
    const detail = `${name}: expected at most ${MAX_LENGTH} characters.`;
    throw new ProblemError(400, 'invalid-request', 'Invalid request', detail);
  }
  return value || undefined;
}
