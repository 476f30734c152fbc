import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@hermes/service-kit';
import type { OpenAPIV3_1 } from 'openapi-types';
import { Credentials } from '../auth/credentials.ts';
import { buildServer } from '../server/server.ts';
import { createServices } from '../server/services.ts';

/** The document as it is kept beside the package, for those who generate clients from it. */
export const OPENAPI_FILE = fileURLToPath(new URL('../../openapi.json', import.meta.url));

/** What the routes say of themselves, as text; without the version of the program, which is no part of the contract. */
export async function describeApi(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'hermes-openapi-'));
  const logger = createLogger('openapi', 'silent');
  const app = await buildServer({ credentials: new Credentials(), logger, services: createServices({ home, logger }) });
  try {
    const response = await app.inject({ url: '/docs/json' });
    const document: OpenAPIV3_1.Document = response.json();
    document.info.version = '1';
    return `${JSON.stringify(document, null, 2)}\n`;
  } finally {
    await app.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The kept document, as text. */
export function keptApi(): string {
  return readFileSync(OPENAPI_FILE, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OPENAPI_FILE, await describeApi());
