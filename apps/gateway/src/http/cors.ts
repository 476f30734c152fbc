import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Headers that our routes read, and that their usual clients send. */
const REQUEST_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'prefer',
  'x-hermes-session-id',
] as const;

/** OpenAI's clients describe themselves in headers with this prefix; new versions add more. */
const CLIENT_HEADER = /^x-stainless-[a-z-]+$/;

/** Response headers that a page may read besides the standard ones. */
const RESPONSE_HEADERS = ['location', 'preference-applied', 'retry-after', 'x-should-retry'];

/** How long a browser may cache the permission, in seconds. */
const MAX_AGE = 600;

/**
 * Lets pages of `origins` use the API from a browser. It handles a request first: a preflight has no key, and pages
 * must be able to read refusals. Requests of other pages get no CORS headers.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  const allowed = new Set(origins);
  await app.register(cors, {
    delegator: async (request: FastifyRequest): Promise<FastifyCorsOptions> => {
      const { origin } = request.headers;
      if (origin === undefined || !allowed.has(origin)) return { origin: false };
      return {
        origin,
        methods: ['GET', 'POST', 'DELETE'],
        allowedHeaders: [...REQUEST_HEADERS, ...clientHeaders(request)],
        exposedHeaders: RESPONSE_HEADERS,
        maxAge: MAX_AGE,
        strictPreflight: false,
      };
    },
  });
}

function clientHeaders({ headers }: FastifyRequest): string[] {
  const asked = headers['access-control-request-headers'] ?? '';
  return asked.split(',').flatMap((name) => {
    const trimmed = name.trim().toLowerCase();
    return CLIENT_HEADER.test(trimmed) ? [trimmed] : [];
  });
}
