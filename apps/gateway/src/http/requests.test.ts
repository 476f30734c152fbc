import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { bodyOf, httpGateway, rawRequest } from '../testing/http-gateway.ts';

const HELLO = { session: 's', text: 'hello' };

describe('an invalid message', () => {
  it.each<[body: unknown, detail: RegExp]>([
    [{}, /^session: Invalid input: expected string/],
    [{ session: 's' }, /^text: expected text or content/],
    [{ ...HELLO, content: 'hello' }, /^text: expected text or content/],
    [{ session: 's', content: [{ type: 'image_url' }] }, /^content\.0\.image_url: /],
    [{ ...HELLO, session: '' }, /^session: Too small/],
    [{ ...HELLO, session: 'x'.repeat(201) }, /^session: Too big/],
    [{ ...HELLO, session: 7 }, /^session: Invalid input: expected string, received number/],
    [{ ...HELLO, text: '' }, /^text: Too small/],
    [{ ...HELLO, text: 'x'.repeat(100_001) }, /^text: Too big/],
    [{ ...HELLO, message_id: '' }, /^message_id: Too small/],
    [{ ...HELLO, message_id: null }, /^message_id: Invalid input/],
    [{ ...HELLO, kind: 'internal' }, /Unrecognized key: "kind"/],
    [[], /^body: Invalid input: expected object/],
    ['null', /^body: Invalid input: expected object/],
    ['"text"', /^body: Invalid input: expected object/],
  ])('is a 400 that names the field: %j', async (body, detail) => {
    const { agent, post } = await httpGateway();
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ code: 'invalid-request', detail: expect.stringMatching(detail) });
    expect(agent.calls).toEqual([]);
  });

  it.each<[what: string, body: string, type: string, status: number, code: string]>([
    ['cut off', '{"session":"s","te', 'application/json', 400, 'invalid-json'],
    ['empty', '', 'application/json', 400, 'invalid-json'],
    [
      'a prototype in disguise',
      '{"__proto__":{"a":1},"session":"s","text":"t"}',
      'application/json',
      400,
      'invalid-json',
    ],
    ['of another type', '<a/>', 'application/xml', 415, 'unsupported-media-type'],
    ['a form', 'session=s&text=t', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['too large', `{"session":"s","text":"${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413, 'body-too-large'],
  ])('is a problem when its body is %s', async (_what, body, type, status, code) => {
    const { post } = await httpGateway({ access: { max_body_mib: 1 } });
    const response = await post(body, { 'content-type': type });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect([response.status, await bodyOf(response)]).toEqual([status, expect.objectContaining({ code, status })]);
  });

  it('may be as long as the limit', async () => {
    const { post } = await httpGateway();
    expect((await post({ session: 'x'.repeat(200), text: 'x'.repeat(100_000) }, { prefer: 'wait=0' })).status).toBe(
      202,
    );
  });
});

describe('what is not HTTP', () => {
  it('is a problem, too', async () => {
    const { port } = await httpGateway();
    const socket = connect(port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json.*"code":"malformed-http"/s);
  });
});

describe('a gateway without a key', () => {
  it.each(['localhost', 'localhost:80', '127.0.0.1', '127.8.8.8:1', '[::1]:8642'])(
    'answers to the Host %s',
    async (host) => {
      const { port } = await httpGateway();
      expect((await rawRequest(port, { path: '/v1/turns/x', headers: { host } })).status).toBe(404);
    },
  );

  it.each(['example.org', '127.0.0.1.example.org', 'localhost.example.org', '192.168.1.1:80', '0.0.0.0'])(
    'turns away the Host %s, which a web page may have made its own',
    async (host) => {
      const { port } = await httpGateway();
      const { status, body } = await rawRequest(port, { path: '/v1/turns/x', headers: { host } });
      expect([status, JSON.parse(body)]).toEqual([
        421,
        expect.objectContaining({ code: 'misdirected', detail: expect.stringContaining('api_server.allowed_hosts') }),
      ]);
    },
  );
});

/** How often Node looks for requests that take too long. */
const CHECK_MS = 5_000;

describe('the probes', () => {
  it.each([undefined, 's3cret'])('answer only to our own names, with the key %s or not', async (key) => {
    const { port } = await httpGateway(key === undefined ? {} : { key });
    for (const path of ['/livez', '/readyz', '/readyz?verbose']) {
      expect((await rawRequest(port, { path, headers: { host: 'evil.example' } })).status).toBe(421);
      expect((await rawRequest(port, { path, headers: { host: `localhost:${port}` } })).status).toBe(200);
    }
  });

  it('answer to a name that is allowed, whatever X-Forwarded-Host says', async () => {
    const access = { allowed_hosts: ['gateway.example'], trusted_proxies: ['127.0.0.1'] };
    const { port } = await httpGateway({ access });
    const statusOf = async (headers: Record<string, string>) =>
      (await rawRequest(port, { path: '/livez', headers })).status;
    expect(await statusOf({ host: 'gateway.example' })).toBe(200);
    expect(await statusOf({ host: 'evil.example', 'x-forwarded-host': 'gateway.example' })).toBe(421);
  });
});

describe('half a request body', () => {
  it('holds its connection no longer than the bound, which is 30 s', async () => {
    const bounded = await httpGateway({ receive: { headers: 200, request: 300, check: 50 } });
    const head =
      'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{';
    const socket = connect(bounded.port, '127.0.0.1', () => socket.write(head));
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
    const { server } = (await httpGateway()).server;
    expect(server.requestTimeout + CHECK_MS).toBeLessThanOrEqual(30_000);
  });
});

describe('a gateway with a key', () => {
  it.each(['Bearer s3cret', 'bearer s3cret', 'Bearer   s3cret'])('lets in %j', async (authorization) => {
    const { post } = await httpGateway({ key: 's3cret' });
    expect((await post(HELLO, { authorization, prefer: 'wait=0' })).status).toBe(202);
  });

  it('cares for the key and not for the Host', async () => {
    const { port } = await httpGateway({ key: 's3cret' });
    const headers = { host: 'example.org', authorization: 'Bearer s3cret' };
    expect((await rawRequest(port, { path: '/v1/turns/x', headers })).status).toBe(404);
  });

  it.each([undefined, '', 'Bearer', 'Bearer wrong', 'Bearer s3cret s3cret', 'Bearer S3CRET', 'Basic s3cret', 's3cret'])(
    'refuses %j without details',
    async (authorization) => {
      const { post, agent } = await httpGateway({ key: 's3cret' });
      const response = await post(HELLO, authorization === undefined ? {} : { authorization });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await bodyOf(response)).toEqual({
        type: 'urn:hermes:problem:unauthorized',
        title: 'Unauthorized',
        status: 401,
        code: 'unauthorized',
      });
      expect(agent.calls).toEqual([]);
    },
  );

  it('reads nothing of a request before it has checked the key', async () => {
    const { post, url } = await httpGateway({ key: 's3cret' });
    expect((await post('{"broken', {})).status).toBe(401);
    expect((await fetch(`${url}/v1/turns/x`)).status).toBe(401);
  });

  it.each([
    ['wrong keys', { authorization: 'Bearer wrong' }, 429],
    ['requests without one', {}, 401],
  ] as const)('lets in the right key after too many %s from the same address', async (_what, headers, last) => {
    const { post } = await httpGateway({ key: 's3cret' });
    const sent = await Promise.all(Array.from({ length: 11 }, () => post(HELLO, headers)));
    expect(sent.map(({ status }) => status).sort()).toEqual([...Array(10).fill(401), last]);
    expect((await post(HELLO, { authorization: 'Bearer s3cret', prefer: 'wait=0' })).status).toBe(202);
  });

  it('believes X-Forwarded-For only from a proxy that is trusted', async () => {
    for (const [trusted, last] of [
      ['127.0.0.1', 401],
      ['192.0.2.1', 429],
    ] as const) {
      const { post } = await httpGateway({ key: 's3cret', access: { trusted_proxies: [trusted] } });
      const send = (client: string) => post(HELLO, { authorization: 'Bearer wrong', 'x-forwarded-for': client });
      await Promise.all(Array.from({ length: 10 }, () => send('198.51.100.1')));
      expect((await send('198.51.100.2')).status).toBe(last);
    }
  });

  it('answers probes without it', async () => {
    const { url } = await httpGateway({ key: 's3cret' });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1/messages'],
    ['DELETE', '/v1/messages'],
    ['PUT', '/livez'],
    ['POST', '/v1/messages/'],
    ['GET', '/v1/turns/x/y?token=s3cret'],
  ])('is a 404 for %s %s', async (method, path) => {
    const { url } = await httpGateway();
    const response = await fetch(`${url}${path}`, { method });
    const detail = `There is nothing at ${method} ${path.split('?')[0]}.`;
    expect([response.status, await bodyOf(response)]).toEqual([
      404,
      expect.objectContaining({ code: 'not-found', detail }),
    ]);
  });

  it.each(['/v1/embeddings', '/v1/embeddings/none', '/v1/'])(
    'is an error in the shape of OpenAI for %s',
    async (path) => {
      const { url } = await httpGateway();
      const response = await fetch(`${url}${path}`);
      const error = {
        message: `There is nothing at GET ${path}.`,
        type: 'not_found_error',
        param: null,
        code: 'not-found',
      };
      expect([response.status, (await bodyOf(response))['error']]).toEqual([404, error]);
    },
  );

  it('is a problem when the path cannot be decoded', async () => {
    const { url } = await httpGateway();
    const response = await fetch(`${url}/v1/turns/%`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('has no body for HEAD', async () => {
    const { url } = await httpGateway();
    const response = await fetch(`${url}/livez`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

it('refusals of a gateway that stops close the connection, so that the next request goes elsewhere', async () => {
  const { url, gateway, post } = await httpGateway();
  expect((await fetch(`${url}/readyz`)).headers.get('connection')).toBe('keep-alive');
  gateway.stop();
  const answers = [await post({ session: 's', text: 'hello' }), await fetch(`${url}/readyz`)];
  expect(answers.map(({ status, headers }) => [status, headers.get('connection')])).toEqual([
    [503, 'close'],
    [503, 'close'],
  ]);
});
