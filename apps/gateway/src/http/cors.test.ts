import { describe, expect, it } from 'vitest';
import { type HttpGatewayOptions, httpGateway, rawRequest } from '../testing/http-gateway.ts';

const PAGE = 'https://chat.example.com';
const WITH_KEY = { authorization: 'Bearer s3cret' };
const PREFLIGHT = {
  origin: PAGE,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,x-stainless-retry-count,x-other',
};

async function corsGateway(options: HttpGatewayOptions = {}) {
  const gateway = await httpGateway({
    key: 's3cret',
    ...options,
    access: { cors_origins: [PAGE, 'http://[::1]:3000'] },
  });
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    fetch(`${gateway.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  return { ...gateway, ask };
}

/** The headers of an answer that concern other origins. */
function corsHeaders({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'));
}

const READABLE = {
  'access-control-allow-origin': PAGE,
  'access-control-expose-headers': expect.stringContaining('retry-after'),
  vary: 'Origin',
};

describe('with api_server.cors_origins', () => {
  it.each(['/v1/messages', '/v1/chat/completions', '/v1/sessions/s/events/ticket', '/v1/turns/x', '/readyz'])(
    'a preflight of an allowed page for %s needs no key, and says what the page may send',
    async (path) => {
      const { ask } = await corsGateway();
      const response = await ask('OPTIONS', path, PREFLIGHT);
      expect([response.status, await response.text()]).toEqual([204, '']);
      expect(corsHeaders(response)).toEqual({
        ...READABLE,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': expect.stringMatching(
          /^authorization, content-type, idempotency-key, last-event-id, .*x-stainless-retry-count$/,
        ),
        'access-control-max-age': '600',
      });
    },
  );

  it('a preflight counts as no wrong key, and is answered while the gateway drains, stops or starts', async () => {
    const gateway = await corsGateway();
    for (let time = 0; time < 15; time++)
      expect((await gateway.ask('OPTIONS', '/metrics', PREFLIGHT)).status).toBe(204);
    const metrics = await gateway.ask('GET', '/metrics', WITH_KEY);
    expect(await metrics.text()).toMatch(/^hermes_wrong_keys_total 0$/m);
    await gateway.drain();
    expect((await gateway.ask('OPTIONS', '/v1/messages', PREFLIGHT)).status).toBe(204);
    gateway.gateway.stop();
    expect((await gateway.ask('OPTIONS', '/v1/messages', PREFLIGHT)).status).toBe(204);
    const starting = await corsGateway({ open: false });
    expect((await starting.ask('OPTIONS', '/v1/messages', PREFLIGHT)).status).toBe(204);
  });

  it('an allowed page can read answers, refusals and errors', async () => {
    const { ask, drain } = await corsGateway();
    const headers = { ...WITH_KEY, origin: PAGE, 'content-type': 'application/json' };
    const readable = async (status: number, ...asked: Parameters<typeof ask>) => {
      const response = await ask(...asked);
      expect([asked, response.status, corsHeaders(response)]).toEqual([asked, status, READABLE]);
    };
    await readable(200, 'GET', '/v1/models', headers);
    await readable(200, 'GET', '/livez', headers);
    await readable(401, 'GET', '/v1/models', { origin: PAGE });
    await readable(401, 'GET', '/v1/models', { origin: PAGE, authorization: 'Bearer wrong' });
    await readable(401, 'GET', '/v1/sessions/s/events?ticket=x', { origin: PAGE });
    await readable(404, 'GET', '/v1/nothing', headers);
    await readable(404, 'GET', '/nothing', headers);
    await readable(406, 'GET', '/v1/sessions/s/events', { ...headers, accept: 'text/html' });
    await readable(400, 'POST', '/v1/messages', headers, '{}');
    await readable(400, 'POST', '/v1/chat/completions', headers, '{}');
    await drain();
    await readable(503, 'POST', '/v1/messages', headers, '{"session":"s","text":"t"}');
  });

  it('an allowed page can read streams', async () => {
    const { ask, agent } = await corsGateway();
    const headers = { ...WITH_KEY, origin: PAGE, 'content-type': 'application/json' };
    const events = await ask('GET', '/v1/sessions/s/events', { ...headers, accept: 'text/event-stream' });
    expect([events.status, corsHeaders(events)]).toEqual([200, READABLE]);
    await events.body?.cancel();
    const body = '{"session":"s","text":"t"}';
    const turn = await ask('POST', '/v1/messages', { ...headers, accept: 'text/event-stream' }, body);
    expect([turn.status, corsHeaders(turn)]).toEqual([200, READABLE]);
    agent.call(0).end();
    await turn.text();
    const chat = '{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}';
    const completion = ask('POST', '/v1/chat/completions', headers, chat);
    await expect.poll(() => agent.calls.length).toBe(2);
    agent.call(1).end();
    expect(corsHeaders(await completion)).toEqual(READABLE);
    await (await completion).text();
  });

  it.each([
    'https://evil.example',
    'null',
    'https://chat.example.com.evil.example',
    'http://chat.example.com',
    `${PAGE}:444`,
  ])('a page of %s is allowed nothing', async (origin) => {
    const { ask } = await corsGateway();
    const preflight = await ask('OPTIONS', '/v1/messages', { ...PREFLIGHT, origin });
    expect([preflight.status, corsHeaders(preflight)]).toEqual([404, { vary: 'Origin' }]);
    const models = await ask('GET', '/v1/models', { ...WITH_KEY, origin });
    expect([models.status, corsHeaders(models)]).toEqual([200, { vary: 'Origin' }]);
  });

  it('who sends no origin gets the same as before, for this origin only', async () => {
    const { ask } = await corsGateway();
    const response = await ask('GET', '/v1/models', WITH_KEY);
    expect([response.status, corsHeaders(response)]).toEqual([200, { vary: 'Origin' }]);
    expect((await ask('GET', '/v1/models', { origin: PAGE })).status).toBe(401);
  });

  it('another name of this machine is refused as before, by whatever page', async () => {
    const { port } = await httpGateway({ access: { cors_origins: [PAGE] } });
    const headers = { host: 'evil.example', origin: PAGE };
    expect((await rawRequest(port, { path: '/v1/models', headers })).status).toBe(421);
  });
});

describe('without api_server.cors_origins', () => {
  it.each([{}, { cors_origins: [] }])('no answer says anything of origins: %j', async (access) => {
    const { url } = await httpGateway({ access });
    const preflight = await fetch(`${url}/v1/messages`, { method: 'OPTIONS', headers: PREFLIGHT });
    expect([preflight.status, corsHeaders(preflight)]).toEqual([404, {}]);
    const models = await fetch(`${url}/v1/models`, { headers: { origin: PAGE } });
    expect([models.status, corsHeaders(models)]).toEqual([200, {}]);
  });
});

describe('what a page of any origin can send without a preflight', () => {
  it.each<[what: string, type: string | undefined, body: string | undefined]>([
    ['text', 'text/plain', '{"session":"s","text":"t"}'],
    ['a form', 'application/x-www-form-urlencoded', 'session=s&text=t'],
    ['a form with files', 'multipart/form-data; boundary=x', '--x--'],
    ['text that looks like JSON', 'text/plain; application/json', '{"session":"s","text":"t"}'],
    ['nothing', undefined, undefined],
  ])('starts no turn of a gateway without a key: %s', async (_what, type, body) => {
    const { url, agent } = await httpGateway({ access: { cors_origins: [PAGE] } });
    const headers = { origin: 'https://evil.example', ...(type === undefined ? {} : { 'content-type': type }) };
    for (const path of ['/v1/messages', '/v1/chat/completions']) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers,
        ...(body === undefined ? {} : { body }),
      });
      expect([path, response.status]).toEqual([path, expect.toSatisfy((status) => status === 400 || status === 415)]);
    }
    expect(agent.calls).toEqual([]);
  });
});
