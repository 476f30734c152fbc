import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript';

const DOCUMENT = new URL('../../../../apps/dashboard/openapi.json', import.meta.url);

/** The file that they are written to. */
export const API_TYPES = new URL('../api/api.gen.ts', import.meta.url);

/** The types of every route in the dashboard's `openapi.json`, as TypeScript. */
export async function apiTypes(): Promise<string> {
  const document = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as OpenAPI3;
  const types = astToString(await openapiTypescript(document, { alphabetize: true }));
  return `// Generated from openapi.json: pnpm --filter @hermes/dashboard-client generate\n\n${types}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(API_TYPES, await apiTypes());
