import { hash } from 'node:crypto';
import { ProblemError } from '@hermes/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../turns/repeats.ts';

/** OpenAI's clients send the number of their retries. */
const RETRY_COUNT = 'x-stainless-retry-count';

/** Maximum characters of ids from clients. */
const MAX_LENGTH = 200;

/** What identifies a repeated request: the route, the body, the key and the address. */
export function originOf(request: FastifyRequest): Origin {
  const { headers, ip, method, url, body } = request;
  const parts = [method, url, ip, headers.authorization ?? null, body];
  const retries = Number([headers[RETRY_COUNT]].flat()[0]);
  return { fingerprint: hash('sha256', JSON.stringify(parts), 'base64url'), isRetry: retries > 0 };
}

/** What identifies a client, as far as it can be known: its key and its address. */
export function callerOf({ headers, ip }: FastifyRequest): string {
  return hash('sha256', JSON.stringify([ip, headers.authorization ?? null]), 'base64url');
}

/** The client's own id of a message, from the usual header. @throws ProblemError 400 */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  return shortHeader(request, 'idempotency-key');
}

/** @returns `undefined` if it is missing or empty. @throws ProblemError 400 if it is too long. */
export function shortHeader(request: FastifyRequest, name: string): string | undefined {
  const value = [request.headers[name]].flat()[0];
  if (value !== undefined && value.length > MAX_LENGTH) {
    const detail = `${name}: expected at most ${MAX_LENGTH} characters.`;
    throw new ProblemError(400, 'invalid-request', 'Invalid request', detail);
  }
  return value || undefined;
}
