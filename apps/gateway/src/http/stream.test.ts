import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { bodyOf, eventsOf, httpGateway } from '../testing/http-gateway.ts';

const HELLO = { session: 's', text: 'hello' };
const STREAM = { accept: 'text/event-stream' };

describe('POST /v1/messages with Accept: text/event-stream', () => {
  it('streams the turn, each piece as it comes, and the turn as it ended', async () => {
    const { agent, post } = await httpGateway();
    const response = await post(HELLO, STREAM);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream/),
    ]);
    const events = eventsOf(response);
    const next = async () => (await events.next()).value;
    const turn = { turn_id: expect.any(String), session: 's' };
    expect(await next()).toEqual({ event: 'turn', data: { ...turn, status: 'running' } });
    agent.call(0).say('hi\n');
    expect(await next()).toEqual({ event: 'delta', data: { text: 'hi\n' } });
    agent.call(0).say('\r\n\ndata: there');
    expect(await next()).toEqual({ event: 'delta', data: { text: '\r\n\ndata: there' } });
    agent.call(0).end();
    expect(await next()).toEqual({
      event: 'turn',
      data: { ...turn, status: 'done', reply: 'hi\n\r\n\ndata: there' },
    });
    expect((await events.next()).done).toBe(true);
  });

  it('streams from the beginning to a client that repeats the message', async () => {
    const { agent, post } = await httpGateway();
    const message = { ...HELLO, message_id: 'm' };
    await post(message, { prefer: 'wait=0' });
    agent.call(0).say('a');
    agent.call(0).say('b');
    agent.call(0).end();
    const events = [];
    for await (const event of eventsOf(await post(message, STREAM))) events.push(event);
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(['turn', 'turn']);
    const deltas = events.filter(({ event }) => event === 'delta').map(({ data }) => (data as { text: string }).text);
    expect(deltas.join('')).toBe('ab');
  });

  it.each([
    ['failed', (agent: { call(index: number): { end(error: Error): void } }) => agent.call(0).end(new Error('no'))],
  ] as const)('ends with the turn when it has %s', async (status, end) => {
    const { agent, post } = await httpGateway();
    const response = await post(HELLO, STREAM);
    end(agent);
    const events = [];
    for await (const event of eventsOf(response)) events.push(event);
    expect(events.at(-1)).toMatchObject({
      event: 'turn',
      data: { status, problem: expect.stringContaining('Send a new message') },
    });
  });

  it('is a problem and no stream when the message is refused', async () => {
    const { drain, post } = await httpGateway();
    await drain();
    const response = await post(HELLO, STREAM);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await bodyOf(response)).toMatchObject({ code: 'draining' });
  });

  it('is a problem and no stream when the message is wrong', async () => {
    const { post } = await httpGateway();
    const response = await post({ session: 's' }, STREAM);
    expect([response.status, await bodyOf(response)]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-request' }),
    ]);
  });

  it('leaves the turn running when the client goes away', async () => {
    const { agent, post, gateway, url } = await httpGateway();
    const response = await post(HELLO, STREAM);
    const events = eventsOf(response);
    const first = (await events.next()).value?.data as { turn_id: string };
    await events.return(undefined);
    const turn = await gateway.engine.find(first.turn_id);
    for (let piece = 0; piece < 20; piece++) {
      agent.call(0).say('x'.repeat(10_000));
      await eventually(() => expect(turn?.reply.length).toBe((piece + 1) * 10_000));
    }
    expect([turn?.status, gateway.gate.active]).toEqual(['running', 1]);
    agent.call(0).end();
    await turn?.whenOver;
    expect(await fetch(`${url}/v1/turns/${first.turn_id}`).then(bodyOf)).toMatchObject({ status: 'done' });
  });
});

describe('a client that waits without a stream', () => {
  it('leaves its turn running when it goes away', async () => {
    const { agent, gateway, url } = await httpGateway();
    const gone = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', body: JSON.stringify(HELLO), headers, signal: gone.signal };
    const waiting = fetch(`${url}/v1/messages`, options);
    await eventually(() => expect(agent.calls).toHaveLength(1));
    gone.abort();
    await expect(waiting).rejects.toThrow('abort');
    expect([gateway.gate.active, agent.call(0).signal.aborted]).toEqual([1, false]);
    agent.call(0).end();
    await eventually(() => expect(gateway.gate.active).toBe(0));
  });
});
