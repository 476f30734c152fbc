import { expect, test } from 'vitest';
import { type TestDashboard, testDashboard } from '../testing/dashboard.ts';

const OPERATIONS = [
  ['post', '/api/gateway/drain', ['200', '400', '401', '403', '404', '409', '412', '413', '429', '503', '507']],
  ['get', '/api/gateway/drain', ['200', '400', '401', '403', '404', '429', '503']],
  ['delete', '/api/gateway/drain', ['200', '400', '401', '403', '404', '412', '503']],
  ['post', '/api/gateway/restart', ['202', '400', '401', '403', '404', '409', '413', '429', '501', '503']],
  ['get', '/api/status', ['200', '400', '401', '403', '404', '429']],
  ['get', '/api/profiles', ['200', '400', '401', '403', '429']],
  ['get', '/api/events', ['200', '400', '401', '403', '429', '503']],
  ['get', '/api/in-flight', ['200', '400', '401', '403', '404', '429']],
  ['get', '/api/boot-log', ['200', '400', '401', '403', '429']],
  ['get', '/api/audit', ['200', '400', '401', '403', '429', '503']],
  ['get', '/api/audit/verify', ['200', '400', '401', '403', '429', '503']],
  ['get', '/metrics', ['200']],
  ['get', '/livez', ['200']],
  ['get', '/readyz', ['200', '503']],
] as const;

const TEXTS: Readonly<Record<string, string>> = {
  '/api/events': 'text/event-stream',
  '/metrics': 'text/plain',
};

interface Operation {
  readonly summary: string;
  readonly security?: unknown;
  readonly requestBody?: { required: boolean; content: Record<string, { schema: { properties: object } }> };
  readonly parameters?: readonly { name: string; in: string }[];
  readonly responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
}

test('describes every route and no other', async () => {
  const paths = await pathsOf(await testDashboard());
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(OPERATIONS.map(([method, path]) => `${method} ${path}`).sort());
});

test.each(OPERATIONS)('describes every answer of %s %s', async (method, path, statuses) => {
  const operation = (await pathsOf(await testDashboard()))[path]?.[method];
  expect(operation?.summary).toBeTruthy();
  expect(Object.keys(operation?.responses ?? {}).sort()).toEqual(statuses);
  for (const [status, { description, content }] of Object.entries(operation?.responses ?? {})) {
    expect(description).not.toBe('Default Response');
    const good = TEXTS[path] ?? 'application/json';
    expect(Object.keys(content)).toEqual([status.startsWith('2') ? good : 'application/problem+json']);
  }
  expect(operation?.security).toEqual(path.startsWith('/api') ? [{ bearer: [] }] : undefined);
});

test('describes the body and the parameters of a drain, none of them required', async () => {
  const operations = (await pathsOf(await testDashboard()))['/api/gateway/drain'];
  const body = operations?.post?.requestBody;
  expect(body?.required).toBe(false);
  expect(Object.keys(body?.content['application/json']?.schema.properties ?? {})).toEqual([
    'action',
    'suppress_notification',
    'reason',
    'max_age_seconds',
    'profile',
    'request_id',
    'lead_seconds',
  ]);
  const parameters = operations?.get?.parameters?.map((parameter) => parameter.name);
  expect(parameters?.sort()).toEqual(['profile', 'until', 'wait']);
  expect(operations?.delete?.parameters).toContainEqual(expect.objectContaining({ name: 'if-match', in: 'header' }));
});

test('the documentation page is open and has a policy of its own', async () => {
  const { app } = await testDashboard();
  for (const url of ['/docs', '/docs/static/swagger-initializer.js', '/docs/static/swagger-ui.css']) {
    const response = await app.inject({ url });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'");
  }
});

async function pathsOf({ app }: TestDashboard): Promise<Record<string, Record<string, Operation>>> {
  const response = await app.inject({ url: '/docs/json' });
  expect(response.statusCode).toBe(200);
  return response.json().paths;
}

test.each(['/docs', '/docs/'])('what %s loads is found below a path of a reverse proxy, too', async (page) => {
  const { app } = await testDashboard();
  const { body } = await app.inject({ url: page });
  const links = [...body.matchAll(/(?:href|src)="([^"]+)"/g)].map(
    ([, link = '']) => new URL(link, `http://x/below${page}`),
  );
  expect(links.length).toBeGreaterThan(4);
  for (const { pathname } of links) {
    expect(pathname).toMatch(/^\/below\/docs\/static\//);
    expect((await app.inject({ url: pathname.replace('/below', '') })).statusCode).toBe(200);
  }
});
