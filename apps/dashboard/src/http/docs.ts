import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { PACKAGE, VERSION } from '../version.ts';
import { DOCS_CSP } from './headers.ts';

const SWAGGER_UI = fileURLToPath(new URL('dist/swagger-ui', PACKAGE));
const ICON = new URL('dist/page/icon.svg', PACKAGE);

/** Describes every route that is registered after this call: as a page at `/docs`, as OpenAPI at `/docs/json`. */
export async function installDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hermes dashboard',
        version: VERSION,
        description:
          'Quiesce agent gateways: stop taking new turns, let the running ones finish, know when it is safe.',
      },
      tags: [
        { name: 'drain', description: 'Begin, watch and cancel a drain.' },
        { name: 'status', description: 'The state of the gateways.' },
        { name: 'restart', description: 'Restart gateways that are safe to stop.' },
        { name: 'audit', description: 'Requests that changed something, and their results.' },
        { name: 'probes', description: 'Health checks for supervisors and load balancers.' },
      ],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: withOptionalBodies,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Below a path of a reverse proxy only the browser knows what is before it: what the page loads is relative.
    indexPrefix: '.',
    staticCSP: DOCS_CSP,
    baseDir: SWAGGER_UI,
    logo: { type: 'image/svg+xml', content: readFileSync(ICON) },
    theme: { title: 'Hermes dashboard API' },
  });
}

/** The generator calls every body required; here none is. */
const withOptionalBodies: SwaggerTransformObject = (document) => {
  if (!('openapiObject' in document)) return document.swaggerObject;
  for (const path of Object.values(document.openapiObject.paths ?? {})) {
    const body = path?.post?.requestBody;
    if (body && 'content' in body) body.required = false;
  }
  return document.openapiObject;
};
