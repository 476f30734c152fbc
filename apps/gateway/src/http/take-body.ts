import { parseRequest } from '@hermes/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';

/**
 * The checked body of a request, which the request then no longer holds: it may have to wait for hours for an answer
 * that the body is not needed for. @throws ProblemError 400
 */
export function takeBody<S extends z.ZodType>(schema: S, request: FastifyRequest): z.infer<S> {
  const body = parseRequest(schema, request.body);
  request.body = undefined;
  return body;
}
