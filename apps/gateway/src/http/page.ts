import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import helmet from '@fastify/helmet';
import { PAGE_HEADERS } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Files here have a hash of their content in their name. */
const ASSETS = 'assets/';

const CACHE = { forEver: 'public, max-age=31536000, immutable', check: 'no-cache' } as const;

/**
 * The chat page in the directory `root`, at `/`: one route for each file that is there now. It needs no key, which the page
 * asks its user for.
 */
export async function pageRoutes(app: FastifyInstance, root: string): Promise<void> {
  await app.register(async (page) => {
    await page.register(helmet, PAGE_HEADERS);
    for (const name of filesIn(root)) {
      const type = TYPES[extname(name)] ?? 'application/octet-stream';
      const cache = name.startsWith(ASSETS) ? CACHE.forEver : CACHE.check;
      page.get(name === 'index.html' ? '/' : `/${name}`, async (_request, reply) =>
        reply
          .type(type)
          .header('cache-control', cache)
          .send(await readFile(join(root, name))),
      );
    }
  });
}

/** With slashes, relative to `root`. */
function filesIn(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll(sep, '/'));
}
