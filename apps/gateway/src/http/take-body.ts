import { parseRequest } from '@hermes/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';

/**
 * The validated body of a request. The request no longer keeps it: the request may wait for an answer for hours,
 * without a need for the body. @throws ProblemError 400
 */
export function takeBody<S extends z.ZodType>(schema: S, request: FastifyRequest): z.infer<S> {
  const body = parseRequest(schema, request.body);
  request.body = undefined;
  return body;
}
