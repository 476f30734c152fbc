import helmet from '@fastify/helmet';
import { PAGE_HEADERS } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';

/** The documentation page of swagger-ui styles its elements in place. */
export const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Sets the security headers of every answer. */
export async function installHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, PAGE_HEADERS);
  app.addHook('onRequest', async (request, reply) => {
    if (/^\/(api|livez|readyz|metrics)\b/.test(request.url)) reply.header('cache-control', 'no-store');
  });
}
