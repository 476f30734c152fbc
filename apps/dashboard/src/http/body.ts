import { ProblemError } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';

/** The largest request body that is read, in bytes. */
export const BODY_LIMIT = 16 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The parsed request body. */
export type JsonBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** The JSON value in `body`; an empty object when there is no body or an empty one. */
export function jsonBody(body: unknown): JsonBody {
  if (body === undefined || body === null) return { ok: true, value: {} };
  if (!Buffer.isBuffer(body)) return { ok: false };
  if (body.length === 0) return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(utf8.decode(body)) };
  } catch {
    return { ok: false };
  }
}

/**
 * Makes the routes of `api` take every body as JSON, whatever its media type says, so that a body in another format is
 * refused and never taken for an empty one. Hooks that were added before this one see the bytes.
 */
export function installJsonBodies(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  api.addHook('preValidation', async (request) => {
    if (request.method === 'GET') return;
    const body = jsonBody(request.body);
    if (!body.ok)
      throw new ProblemError(400, 'invalid-json', 'Body is not JSON', 'Expected a JSON object, or no body.');
    request.body = body.value;
  });
}
