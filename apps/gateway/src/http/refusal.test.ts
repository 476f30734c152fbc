import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { clearDrainRequest } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, vi } from 'vitest';
import { bodyOf, eventsOf, httpGateway } from '../testing/http-gateway.ts';
import { turn } from '../testing/turns.ts';
import { LIMITS } from '../turns/limits.ts';

const HELLO = { session: 's', text: 'hello' };

/** A message as it travels. */
function postOf(message: object): string {
  const body = JSON.stringify(message);
  const headers = ['host: 127.0.0.1', 'content-type: application/json', `content-length: ${body.length}`];
  return ['POST /v1/messages HTTP/1.1', ...headers, '', body].join('\r\n');
}

describe('a gateway that drains', () => {
  it('refuses a message with 503, Retry-After and the reason of the drain', async () => {
    const { drain, post, agent } = await httpGateway();
    await drain('new kernel');
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await bodyOf(response)).toEqual({
      type: 'urn:hermes:problem:draining',
      title: 'Gateway is draining',
      status: 503,
      code: 'draining',
      detail: expect.stringMatching(/draining.*Reason: new kernel\. Your message was not stored: retry later\./),
    });
    expect(agent.calls).toEqual([]);
  });

  it('accepts messages again as soon as the drain is cancelled', async () => {
    const { drain, post, home } = await httpGateway();
    await drain();
    expect((await post(HELLO, { prefer: 'wait=0' })).status).toBe(503);
    await clearDrainRequest({ home });
    expect((await post(HELLO, { prefer: 'wait=0' })).status).toBe(202);
  });

  it('gives the reply of the turn that runs, and runs those behind it afterwards', async () => {
    const { drain, post, agent, home, gateway } = await httpGateway();
    const [first, second] = [post(HELLO), post({ ...HELLO, text: 'second' })];
    await eventually(() => expect(gateway.engine.queued).toBe(1));
    await drain();
    agent.call(0).end();
    expect((await first).status).toBe(200);
    expect(agent.calls).toHaveLength(1);
    await clearDrainRequest({ home });
    await eventually(() => expect(agent.calls).toHaveLength(2));
    agent.call(1).end();
    expect((await second).status).toBe(200);
  });

  it('gives a repeated message the answer it had before', async () => {
    const { drain, post, agent } = await httpGateway();
    const message = { ...HELLO, message_id: 'm' };
    await post(message, { prefer: 'wait=0' });
    agent.call(0).end();
    await drain();
    expect((await post(message)).status).toBe(200);
  });

  it('answers a repeated queued message at once, with the same answer as before', async () => {
    const { drain, post, home, agent, gateway, url } = await httpGateway({ onDrain: 'queue' });
    await drain();
    const message = { ...HELLO, message_id: 'm' };
    const answers = [];
    for (const response of [await post(message), await post(message)]) {
      answers.push([response.status, response.headers.get('location'), await bodyOf(response)]);
    }
    const queued = { turn_id: expect.any(String), session: 's', status: 'accepted', queued: true };
    expect(answers[0]).toEqual([202, expect.stringMatching(/^\/v1\/turns\//), queued]);
    expect(answers[1]).toEqual(answers[0]);
    expect(gateway.engine.queued).toBe(1);
    expect(await fetch(`${url}/metrics`).then((response) => response.text())).toMatch(
      /accepted_total\{how="queued"\} 1\nhermes_messages_accepted_total\{how="repeated"\} 1/,
    );
    await clearDrainRequest({ home });
    const repeated = post(message);
    await eventually(() => expect(agent.calls).toHaveLength(1));
    agent.call(0).end();
    expect((await repeated).status).toBe(200);
  });

  it('answers a repeated message at once that was queued before the drain began', async () => {
    const { drain, post, agent } = await httpGateway();
    await post(HELLO, { prefer: 'wait=0' });
    await eventually(() => expect(agent.calls).toHaveLength(1));
    const behind = { ...HELLO, message_id: 'm' };
    const { turn_id } = await post(behind, { prefer: 'wait=0' }).then(bodyOf);
    await drain();
    const repeated = await post(behind);
    expect([repeated.status, await bodyOf(repeated)]).toEqual([
      202,
      expect.objectContaining({ turn_id, queued: true }),
    ]);
  });
});

describe('a gateway that does not run', () => {
  it('refuses while starting', async () => {
    const { post } = await httpGateway({ open: false });
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await bodyOf(response)).toMatchObject({ code: 'starting' });
  });

  it('refuses turns and events while starting, and answers probes and metrics', async () => {
    const { url, journal } = await httpGateway({ open: false });
    await journal.accept(turn('a'));
    for (const path of ['/v1/turns/a', '/v1/sessions/s/events']) {
      const response = await fetch(`${url}${path}`, { headers: { accept: 'text/event-stream, */*' } });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await bodyOf(response)).toMatchObject({ code: 'starting' });
    }
    const completion = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{}' });
    expect([completion.status, await bodyOf(completion)]).toMatchObject([503, { error: { code: 'starting' } }]);
    const statuses = ['/livez', '/metrics', '/readyz'].map(async (path) => (await fetch(`${url}${path}`)).status);
    expect(await Promise.all(statuses)).toEqual([200, 200, 503]);
  });

  it('refuses while stopping, also when a drain is in force', async () => {
    const { post, drain, gateway } = await httpGateway();
    await drain();
    gateway.stop();
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await bodyOf(response)).toMatchObject({ code: 'stopping' });
  });

  it('sends the same error on a connection that is in use while it closes', async () => {
    const { agent, gateway, port, server } = await httpGateway();
    const socket = connect(port, '127.0.0.1');
    const answers = text(socket);
    socket.write(postOf(HELLO));
    await eventually(() => expect(agent.calls).toHaveLength(1));
    gateway.stop();
    const closed = server.close();
    await eventually(() => expect(server.server.listening).toBe(false));
    const arrived = once(server.server, 'request');
    socket.write(postOf({ ...HELLO, session: 'other' }));
    await arrived;
    agent.call(0).end();
    await closed;
    expect(await answers).toMatch(/^HTTP\/1.1 200 OK.*HTTP\/1.1 503 .*"code":"stopping"/s);
  });

  it('says that a message is stored and waits for the next process, and ends its stream', async () => {
    const { agent, post, gateway } = await httpGateway();
    await post(HELLO, { prefer: 'wait=0' });
    await eventually(() => expect(agent.calls).toHaveLength(1));
    const waiting = post(HELLO);
    const streaming = await post(HELLO, { accept: 'text/event-stream' });
    await eventually(() => expect(gateway.engine.queued).toBe(2));
    gateway.stop();
    gateway.engine.leaveQueued();
    const response = await waiting;
    expect([response.status, await bodyOf(response)]).toEqual([
      202,
      { turn_id: expect.any(String), session: 's', status: 'accepted' },
    ]);
    const events = [];
    for await (const { event, data } of eventsOf(streaming)) events.push([event, data]);
    const turn = ['turn', expect.objectContaining({ status: 'accepted' })];
    expect(events).toEqual([turn, turn]);
  });

  it('says the same of a message that it was about to start, when that cannot be stored', async () => {
    const { agent, post, gateway, journal } = await httpGateway();
    await post(HELLO, { prefer: 'wait=0' });
    await eventually(() => expect(agent.calls).toHaveLength(1));
    const failure = Promise.withResolvers<Awaited<ReturnType<typeof journal.start>>>();
    const start = vi.spyOn(journal, 'start').mockReturnValueOnce(failure.promise);
    const behind = post(HELLO);
    await eventually(() => expect(gateway.engine.queued).toBe(1));
    agent.call(0).end();
    await eventually(() => expect(start).toHaveBeenCalledOnce());
    gateway.stop();
    gateway.engine.leaveQueued();
    failure.reject(new Error('the disk is full'));
    const response = await behind;
    expect([response.status, await bodyOf(response)]).toEqual([202, expect.objectContaining({ status: 'accepted' })]);
    expect(agent.calls).toHaveLength(1);
  });

  it('refuses a message that it cannot store', async () => {
    const { agent, post, journal } = await httpGateway();
    vi.spyOn(journal, 'accept').mockRejectedValueOnce(new Error('the disk is full'));
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await bodyOf(response)).toMatchObject({
      code: 'storage-unavailable',
      detail: 'The storage of the gateway does not work. Your message was not stored: retry later.',
    });
    expect(agent.calls).toEqual([]);
  });

  it('refuses every new message while its storage has a problem, also where messages are queued under a drain', async () => {
    const { agent, post, gateway } = await httpGateway({ onDrain: 'queue' });
    gateway.storage.report('volume', 'the home is gone');
    const response = await post(HELLO);
    expect([response.status, (await bodyOf(response)).code]).toEqual([503, 'storage-unavailable']);
    expect(agent.calls).toEqual([]);
    gateway.storage.report('volume', undefined);
    expect((await post(HELLO, { prefer: 'wait=0' })).status).toBe(202);
  });

  it('refuses when too many messages wait', async () => {
    const { post, gateway } = await httpGateway();
    const messages = Array.from({ length: LIMITS.perSession + 1 }, () => ({ ...HELLO, kind: 'external' }) as const);
    await Promise.all(messages.map((message) => gateway.engine.submit(message)));
    const response = await post(HELLO);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await bodyOf(response)).toMatchObject({
      code: 'overloaded',
      detail: expect.stringContaining('1000 messages'),
    });
  });
});
