import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What our routes read, and what the usual clients of theirs send. */
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

/** OpenAI's clients tell about themselves in headers of these names, which grow in number. */
const CLIENT_HEADER = /^x-stainless-[a-z-]+$/;

/** Of a response, besides those that a page may always read. */
const RESPONSE_HEADERS = ['location', 'preference-applied', 'retry-after', 'x-should-retry'];

/** How long a browser may remember what is allowed, in seconds. */
const MAX_AGE = 600;

/**
 * Lets the pages of `origins` use the API from a browser. It is the first thing that looks at a request: a preflight has
 * no key, and refusals must be readable, too. The requests of other pages are treated as without it, and get nothing of it.
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
