import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { OpenAPIV3_1 } from 'openapi-types';
import { expect, test } from 'vitest';
import { startCli } from '../testing/cli.ts';
import { SECRET } from '../testing/dashboard.ts';
import { addProfile, temporaryHome } from '../testing/home.ts';
import { keptApi } from '../testing/openapi.ts';
import { anyRequest, type FuzzedRequest } from '../testing/requests.ts';

const REQUESTS = Number(process.env.HERMES_REQUESTS) || 800;
/** Against hanging. */
const BOUND_MS = 300_000;

const SEED = Number(process.env.HERMES_SEED) || undefined;

const READER = 'ReaderSecret-0123456789-abcdefghijklmnopqrstuvwxyz';

type Paths = Record<string, Record<string, OpenAPIV3_1.OperationObject>>;

/** Without a supervisor; the answers report that. */
const EXPECTED_FAILURES = ['POST /api/gateway/restart 501'];

const OF_DRAIN = { path: '/api/gateway/drain', query: [], headers: {}, body: undefined };

/** What is asked in every run, and its answer: chance alone might miss it. */
const IN_EVERY_RUN: readonly (readonly [FuzzedRequest, string])[] = [
  [{ ...OF_DRAIN, method: 'POST' }, 'POST /api/gateway/drain 200'],
  [{ ...OF_DRAIN, method: 'DELETE', headers: { 'if-match': '"x"' } }, 'DELETE /api/gateway/drain 412'],
  [{ ...OF_DRAIN, method: 'DELETE' }, 'DELETE /api/gateway/drain 200'],
  [{ ...OF_DRAIN, method: 'GET', path: '/api/audit' }, 'GET /api/audit 200'],
];

const ajv = new Ajv2020({ strict: false });
const document: OpenAPIV3_1.Document = JSON.parse(keptApi());
const validators = new Map<object, ValidateFunction>();

test(
  'every answer of a real dashboard is as openapi.json says, whatever it is asked',
  async () => {
    const home = temporaryHome();
    addProfile(home, 'mail');
    const credentials = join(home, 'credentials.json');
    writeFileSync(credentials, JSON.stringify([{ name: 'eve', secret: READER, scopes: ['read'] }]), { mode: 0o600 });
    const env = {
      HERMES_HOME: home,
      HERMES_DASHBOARD_DRAIN_SECRET: SECRET,
      HERMES_DASHBOARD_CREDENTIALS: credentials,
      HERMES_DASHBOARD_LOG_LEVEL: 'fatal',
    };
    const dashboard = startCli({ args: ['serve', '--port', '0'], env, boundMs: BOUND_MS });
    const url = (await dashboard.firstLine()).replace('dashboard: ', '');
    for (const [request, answer] of IN_EVERY_RUN) expect(await ask(url, request, SECRET)).toBe(answer);
    let answered = 0;
    const secrets = fc.constantFrom(SECRET, SECRET, SECRET, READER);
    const property = fc.asyncProperty(anyRequest(document), secrets, async (request, secret) => {
      const outcome = await ask(url, request, secret);
      if (outcome.endsWith(' 200')) answered += 1;
    });
    await fc.assert(property, { numRuns: REQUESTS, ...(SEED ? { seed: SEED } : {}) });
    // It would prove little if nearly all were refused.
    expect(answered).toBeGreaterThan(REQUESTS / 10);
    const response = await fetch(`${url}api/audit/verify`, { headers: { authorization: `Bearer ${SECRET}` } });
    expect(await response.json()).toMatchObject({ ok: true });
  },
  BOUND_MS,
);

/** Asks, and holds the answer against the document. @returns what was asked, and the status. */
async function ask(url: string, request: FuzzedRequest, secret: string): Promise<string> {
  const { method, path, query, headers, body } = request;
  const gone = new AbortController();
  const target = new URL(path, url);
  for (const [name, value] of query) target.searchParams.append(name, value);
  const response = await fetchTwice(target, {
    method,
    headers: { ...headers, authorization: `Bearer ${secret}` },
    signal: gone.signal,
    ...(body === undefined || method === 'GET' ? {} : { body }),
  });
  const outcome = `${method} ${path} ${response.status}`;
  if (response.status >= 500) expect(EXPECTED_FAILURES).toContain(outcome);
  const { responses } = (document.paths as Paths)[path]?.[method.toLowerCase()] ?? {};
  const described = responses?.[response.status] as OpenAPIV3_1.ResponseObject | undefined;
  expect(described, outcome).toBeDefined();
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const media = described?.content?.[type];
  expect(media, `${outcome} ${type}`).toBeDefined();
  if (type === 'text/event-stream') {
    await response.body?.getReader().read();
    gone.abort();
  } else if (type.endsWith('json')) {
    expectValid(media?.schema as object, await response.json(), outcome);
  } else {
    expect(await response.text()).not.toBe('');
  }
  return outcome;
}

function expectValid(schema: object, value: unknown, outcome: string): void {
  const validate = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, validate);
  expect(validate(value), `${outcome}: ${ajv.errorsText(validate.errors)}`).toBe(true);
}

/** A server whose process gets no processor for ten seconds closes connections of which it has not read the head. */
async function fetchTwice(target: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(target, init);
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException | undefined)?.code !== 'UND_ERR_SOCKET') throw error;
    return fetch(target, init);
  }
}
