import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import { notice, reply } from '../../testing/deliveries.ts';
import { type LocalServer, localServer, type ReceivedRequest, received } from '../../testing/local-server.ts';
import { DeliveryError } from '../channel.ts';
import { WebhookChannel, type WebhookOptions } from './webhook-channel.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let server: LocalServer;
let requests: ReceivedRequest[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  requests = [];
  answer = (response) => void response.writeHead(204).end();
  server = await localServer((request, response) => {
    void received(request, response).then((whole) => {
      requests.push(whole);
      answer(response);
    });
  });
});

const channel = (options: Partial<WebhookOptions> = {}) =>
  new WebhookChannel({
    url: `${server.url}/hook?a=b`,
    secret: SECRET,
    timeoutMs: 5_000,
    carries: () => true,
    ...options,
  });

const never = new AbortController().signal;
const send = (what = reply('s', 'yes'), options: Partial<WebhookOptions> = {}) => channel(options).deliver(what, never);

/** How a sending fails. */
async function failure(options: Partial<WebhookOptions> = {}): Promise<DeliveryError> {
  const error = await send(reply('s', 'yes'), options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, found ${error}`);
  return error;
}

describe('a webhook', () => {
  it('works or fails as its last attempt did', async () => {
    const hook = channel();
    expect(hook.health.state).toBe('idle');
    await hook.deliver(reply('s', 'yes'), never);
    expect(hook.health.state).toBe('connected');
    answer = (response) => void response.writeHead(500).end();
    await expect(hook.deliver(reply('s', 'yes'), never)).rejects.toThrow();
    expect(hook.health).toMatchObject({ state: 'failing', problem: expect.stringContaining('500') });
    await expect(hook.deliver(reply('s', 'yes'), AbortSignal.abort())).rejects.toThrow();
    expect(hook.health).toMatchObject({ state: 'failing', problem: expect.stringContaining('500') });
  });

  it('is a signed request that the library of the receiver accepts', async () => {
    await send(reply('s', 'grüße \u{1F600}'));
    const [request] = requests;
    expect(new Webhook(SECRET).verify(request?.body ?? '', request?.headers ?? {})).toEqual({
      type: 'turn',
      timestamp: '1970-01-01T00:00:01.000Z',
      data: { event_id: '7', session: 's', type: 'turn', turn_id: 't', status: 'done', reply: 'grüße \u{1F600}' },
    });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'hermes-gateway' });
  });

  it('is signed over its body and id: neither may be changed', async () => {
    await send();
    const { headers = {}, body = '' } = requests[0] ?? {};
    const webhook = new Webhook(SECRET);
    expect(() => webhook.verify(`${body} `, headers)).toThrow('No matching signature');
    expect(() => webhook.verify(body, { ...headers, 'webhook-id': 'msg_other' })).toThrow('No matching signature');
    expect(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(body, headers)).toThrow();
  });

  it('has the same id and body at each try, and another one than any other delivery', async () => {
    const tries = [reply('s', 'yes'), reply('s', 'yes', { attempts: 3, nextAt: 9 })];
    const others = [{ seq: 2 }, { at: 1_001 }, { session: 't' }].map((change) => reply('s', 'yes', change));
    for (const what of [...tries, ...others, reply('s', 'no'), notice('s', 'x')]) await send(what);
    const ids = requests.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(requests[1]?.body).toBe(requests[0]?.body);
    expect(new Set(ids).size).toBe(ids.length - 1);
  });

  it('has the type of its event', async () => {
    await send(notice('s', 'bye'));
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      type: 'notice',
      data: { notice: 'draining', text: 'bye' },
    });
  });

  it('delivers the events of the configured sessions', () => {
    const { carries } = channel({ carries: (session) => session === 'mine' });
    expect([carries('mine'), carries('other')]).toEqual([true, false]);
  });
});

describe('the answer', () => {
  it.each([200, 201, 202, 204, 299])('%d means that it arrived', async (status) => {
    answer = (response) => void response.writeHead(status).end();
    await send();
  });

  it.each([400, 401, 403, 404, 405, 410, 413, 415, 422, 451])('%d is for good', async (status) => {
    answer = (response) => void response.writeHead(status).end('no');
    expect(await failure()).toMatchObject({ permanent: true, message: `the receiver answered ${status}` });
  });

  it.each([408, 409, 425, 429, 500, 501, 502, 503, 504, 599])('%d is worth another try', async (status) => {
    answer = (response) => void response.writeHead(status).end('later');
    expect(await failure()).toMatchObject({ permanent: false, retryAfterMs: undefined });
  });

  it.each([429, 503])('%d may say when', async (status) => {
    answer = (response) => void response.writeHead(status, { 'retry-after': '120' }).end();
    expect(await failure()).toMatchObject({ permanent: false, retryAfterMs: 120_000 });
  });

  it.each([301, 302, 303, 307, 308])('%d is not followed', async (status) => {
    const other = await localServer((_request, response) => {
      requests.push({ headers: {}, body: 'followed', response });
      response.end();
    });
    answer = (response) => void response.writeHead(status, { location: other.url }).end();
    expect(await failure()).toMatchObject({ permanent: false, message: expect.stringContaining('not followed') });
    expect(requests.map(({ body }) => body)).not.toContain('followed');
  });

  it('is not read: one without an end has arrived with its status', async () => {
    let written = 0;
    answer = (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    await send();
    expect(written).toBeLessThan(64 * 1_024 * 1_024);
  });

  it('that never comes is not waited for', async () => {
    answer = () => undefined;
    expect(await failure({ timeoutMs: 50 })).toMatchObject({ permanent: false, message: 'no answer within 0.05 s' });
  });

  it('is not waited for any longer than the caller does', async () => {
    const stopping = new AbortController();
    answer = () => stopping.abort();
    await expect(channel().deliver(reply('s', 'x'), stopping.signal)).rejects.toThrow(DeliveryError);
  });
});

describe('a receiver that is not there', () => {
  it('is retried, and its URL is not shown', async () => {
    await server.close();
    expect(await failure()).toMatchObject({
      permanent: false,
      message: 'the receiver cannot be reached: ECONNREFUSED',
      cause: undefined,
    });
  });

  it('in the middle of the answer is worth another try', async () => {
    answer = (response) => void response.destroy();
    expect(await failure()).toMatchObject({
      permanent: false,
      message: expect.stringMatching(/reached: UND_ERR_SOCKET/),
    });
  });
});

it('starts and stops without more ado', async () => {
  channel().start();
  await channel().stop();
});
