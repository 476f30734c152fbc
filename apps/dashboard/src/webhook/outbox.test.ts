import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { readDrainVerdict, writeDrainRequest } from '@hermes/drain-contract';
import { createLogger } from '@hermes/service-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { testDashboard } from '../testing/dashboard.ts';
import { answerDrain } from '../testing/gateway.ts';
import { readWebhookConfig } from './config.ts';
import { type OutboxLimits, WebhookOutbox } from './outbox.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A controller that answers as `answer` says. */
async function controller(answer: (response: ServerResponse, count: number) => void) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    answer(response, received.length);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

function outboxTo(url: string, limits: Partial<OutboxLimits> = {}) {
  const outbox = new WebhookOutbox({
    url,
    secret: SECRET,
    logger: createLogger('test', 'silent'),
    limits: { firstRetryMs: 1, lastRetryMs: 4, farewellMs: 50, ...limits },
  });
  const ends: [id: string, outcome: string][] = [];
  outbox.onEnd = ({ id }, outcome) => ends.push([id, outcome]);
  onTestFinished(() => outbox.close());
  return { outbox, ends };
}

const message = (id: string) => ({ id, type: 'drain.drained', body: JSON.stringify({ id }) });
const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end('x'.repeat(1_000));

test('a drain is sent as a signed message that the library of a receiver accepts', async () => {
  const { received, url } = await controller(status(204));
  const { home, listen } = await testDashboard({ webhook: { url, secret: SECRET } });
  await listen();
  const { request_id } = await writeDrainRequest({ home, reason: 'update' });
  await answerDrain(home);
  const isDrained = ({ body }: Received) => body.startsWith('{"type":"drain.drained"');
  await eventually(() => expect(received.filter(isDrained)).toHaveLength(1));
  const { headers, body } = received.find(isDrained) ?? { headers: {}, body: '' };
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'drain.drained',
    timestamp: expect.any(String),
    data: { profile: 'default', safe_to_stop: true, active_agents: 0, request: { request_id, reason: 'update' } },
  });
});

test('a begin is answered after its controller knows of it, and tells it once', async () => {
  const { received, url } = await controller((response) => void setTimeout(() => response.writeHead(204).end(), 50));
  const { ask } = await testDashboard({ webhook: { url, secret: SECRET } });
  const begin = () =>
    ask({ method: 'POST', url: '/api/gateway/drain', payload: { reason: 'update', lead_seconds: 60 } });
  const { request_id, refuse_after } = (await begin()).json();
  const types = () => received.map(({ body }) => JSON.parse(body).type);
  expect(types()).toEqual(['drain.begun']);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
    data: { profile: 'default', safe_to_stop: false, request: { request_id, refuse_after, reason: 'update' } },
  });
  await begin();
  expect(types()).toEqual(['drain.begun']);
  await ask({ method: 'DELETE', url: '/api/gateway/drain' });
  await eventually(() => expect(types()).toEqual(['drain.begun', 'drain.cancelled']));
  expect(JSON.parse(received[1]?.body ?? '').data).toMatchObject({ safe_to_stop: false, request: { request_id } });
});

test('a begin is answered all the same when its controller does not answer', async () => {
  const { received, url } = await controller(() => undefined);
  const { ask, home } = await testDashboard({ webhook: { url, secret: SECRET } });
  const begun = await ask({ method: 'POST', url: '/api/gateway/drain' });
  expect([begun.statusCode, received.length]).toEqual([200, 1]);
  expect(readDrainVerdict({ home })).toMatchObject({ active: true, request: { request_id: begun.json().request_id } });
});

test('what fails is tried again under the same id, and the next waits for it', async () => {
  const { received, url } = await controller((response, count) => status(count < 4 ? 503 : 200)(response));
  const { outbox, ends } = outboxTo(url);
  outbox.push(message('msg_1'));
  outbox.push(message('msg_2'));
  await eventually(() => expect(ends).toHaveLength(2));
  expect(ends).toEqual([
    ['msg_1', 'sent'],
    ['msg_2', 'sent'],
  ]);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_1', 'msg_1', 'msg_1', 'msg_1', 'msg_2']);
});

test('is not sent again before the receiver wants it, and not to where a redirect points', async () => {
  const { received, url } = await controller((response, count) => {
    if (count === 1) response.writeHead(307, { location: '/x', 'retry-after': '1' }).end();
    else status(200)(response);
  });
  const { outbox, ends } = outboxTo(url);
  const begun = performance.now();
  outbox.push(message('msg_1'));
  await eventually(() => expect(ends).toEqual([['msg_1', 'sent']]));
  expect(performance.now() - begun).toBeGreaterThanOrEqual(999);
  expect(received).toHaveLength(2);
});

test.each([400, 404, 410])('an answer of %d is final', async (code) => {
  const { received, url } = await controller((response) => void response.writeHead(code).end());
  const { outbox, ends } = outboxTo(url);
  outbox.push(message('msg_1'));
  await eventually(() => expect(ends).toEqual([['msg_1', 'failed']]));
  expect(received).toHaveLength(1);
});

test('drops a message after its last attempt and sends the next one', async () => {
  const { received, url } = await controller((response, count) => status(count <= 3 ? 500 : 200)(response));
  const { outbox, ends } = outboxTo(url, { tries: 3 });
  outbox.push(message('msg_1'));
  outbox.push(message('msg_2'));
  await eventually(() => expect(ends).toHaveLength(2));
  expect([ends.map(([, outcome]) => outcome), received.length]).toEqual([['failed', 'sent'], 4]);
});

test('keeps no more than it may, and ends soon, whatever the receiver does', async () => {
  const { url } = await controller(() => undefined);
  const { outbox, ends } = outboxTo(url, { queue: 3 });
  for (let count = 1; count <= 10; count += 1) outbox.push(message(`msg_${count}`));
  expect(ends.map(([id]) => id)).toEqual(['msg_2', 'msg_3', 'msg_4', 'msg_5', 'msg_6', 'msg_7']);
  await outbox.close();
  expect(ends).toHaveLength(10);
  outbox.push(message('msg_11'));
  expect(ends).toHaveLength(10);
});

test('a receiver that is not there is tried again', async () => {
  const { outbox, ends } = outboxTo('http://127.0.0.1:1/', { tries: 2 });
  outbox.push(message('msg_1'));
  await eventually(() => expect(ends).toEqual([['msg_1', 'failed']]));
});

const URL_NAME = 'HERMES_DASHBOARD_WEBHOOK_URL';
const SECRET_NAME = 'HERMES_DASHBOARD_WEBHOOK_SECRET';

test.each([
  ['https://example.org/hook', SECRET],
  ['http://127.0.0.1:8080/hook', SECRET],
  ['http://[::1]/hook', SECRET],
])('%s is a valid receiver', (url, secret) => {
  expect(readWebhookConfig({ [URL_NAME]: url, [SECRET_NAME]: secret })).toEqual({ url, secret });
});

test.each([
  ['http://example.org/hook', SECRET, URL_NAME],
  ['https://user:hunter2@example.org', SECRET, URL_NAME],
  ['file:///etc/passwd', SECRET, URL_NAME],
  ['hunter2', SECRET, URL_NAME],
  ['', SECRET, URL_NAME],
  ['https://example.org', '', SECRET_NAME],
  ['https://example.org', 'hunter2', SECRET_NAME],
  ['https://example.org', 'whsec_aHVudGVyMg==', SECRET_NAME],
])('the URL %j with the secret %j is refused without a word of either', (url, secret, name) => {
  const read = () => readWebhookConfig({ [URL_NAME]: url, [SECRET_NAME]: secret });
  expect(read).toThrow(name);
  expect(read).not.toThrow(/hunter2|aHVudGVyMg|example\.org/);
});

test('without either, no message is sent', () => {
  expect(readWebhookConfig({ [URL_NAME]: '' })).toBeUndefined();
});
