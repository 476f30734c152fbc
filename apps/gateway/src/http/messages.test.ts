import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { bodyOf, httpGateway } from '../testing/http-gateway.ts';

const HELLO = { session: 's', text: 'hello' };
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe('POST /v1/messages', () => {
  it('waits for the reply and answers with it', async () => {
    const { agent, post } = await httpGateway();
    const answer = post(HELLO);
    await eventually(() => expect(agent.asked).toEqual(['hello']));
    agent.call(0).say('hi ');
    agent.call(0).say('there');
    agent.call(0).end();
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await bodyOf(response)).toEqual({ turn_id: UUID, session: 's', status: 'done', reply: 'hi there' });
  });

  it.each(['respond-async', 'Respond-Async, wait=10', 'handling=lenient; x=1, respond-async'])(
    'with Prefer: %s answers at once where the turn can be asked for',
    async (prefer) => {
      const { agent, post, url } = await httpGateway();
      const response = await post(HELLO, { prefer });
      expect(response.status).toBe(202);
      expect(response.headers.get('preference-applied')).toBe('respond-async');
      const accepted = await bodyOf(response);
      expect(accepted).toEqual({ turn_id: UUID, session: 's', status: 'running' });
      const location = response.headers.get('location');
      expect(location).toBe(`/v1/turns/${accepted.turn_id}`);
      const turn = () => fetch(`${url}${location}`).then(bodyOf);
      const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/);
      expect(await turn()).toEqual({ ...accepted, accepted_at: time, started_at: time, ended_at: null });
      agent.call(0).say('hi');
      agent.call(0).end();
      await eventually(async () => expect(await turn()).toMatchObject({ status: 'done', reply: 'hi', ended_at: time }));
    },
  );

  it.each(['wait=0', 'wait = "0"', 'WAIT=0, foo=bar'])('with Prefer: %s does not wait', async (prefer) => {
    const { post } = await httpGateway();
    const response = await post(HELLO, { prefer });
    expect([response.status, response.headers.get('preference-applied')]).toEqual([202, null]);
    expect(response.headers.get('location')).toMatch(/^\/v1\/turns\//);
  });

  it('with Prefer: wait=1 answers when the reply is there, and after a second at the latest', async () => {
    const { agent, post } = await httpGateway();
    const prompt = post(HELLO, { prefer: 'wait=1' });
    await eventually(() => expect(agent.calls).toHaveLength(1));
    agent.call(0).end();
    expect((await prompt).status).toBe(200);
    const begin = performance.now();
    expect((await post(HELLO, { prefer: 'wait=1' })).status).toBe(202);
    expect(performance.now() - begin).toBeGreaterThan(990);
  });

  it('reports that a message is queued behind another of its session', async () => {
    const { agent, post } = await httpGateway();
    await post(HELLO, { prefer: 'wait=0' });
    expect(await post(HELLO, { prefer: 'wait=0' }).then(bodyOf)).toMatchObject({ status: 'accepted' });
    expect(agent.calls).toHaveLength(1);
  });

  it('gives a repeated message the first answer', async () => {
    const { agent, post } = await httpGateway();
    const message = { ...HELLO, message_id: 'm1' };
    const first = await post(message, { prefer: 'wait=0' }).then(bodyOf);
    agent.call(0).say('hi');
    agent.call(0).end();
    const repeat = await post({ ...message, text: 'other' });
    expect(await bodyOf(repeat)).toEqual({ turn_id: first.turn_id, session: 's', status: 'done', reply: 'hi' });
    expect(agent.calls).toHaveLength(1);
  });

  it('keeps text as it is, whatever characters are in it', async () => {
    const { agent, post } = await httpGateway();
    const text = 'grüß 🙂\u0000\n\r\n\ud800 "\\';
    const answer = post({ session: 'ü/🙂', text });
    await eventually(() => expect(agent.asked).toEqual([text]));
    agent.call(0).say(text);
    agent.call(0).end();
    expect(await answer.then(bodyOf)).toMatchObject({ session: 'ü/🙂', reply: text });
  });
});

describe('a turn that ends without a reply', () => {
  it('is a 422 when the agent failed, without the reason', async () => {
    const { agent, post, url } = await httpGateway();
    const answer = post(HELLO);
    await eventually(() => expect(agent.calls).toHaveLength(1));
    agent.call(0).end(new Error('password is hunter2'));
    const response = await answer;
    expect([response.status, response.headers.get('content-type')]).toEqual([
      422,
      'application/problem+json; charset=utf-8',
    ]);
    const problem = await bodyOf(response);
    expect(problem).toMatchObject({ code: 'turn-failed', turn_id: UUID, session: 's', turn_status: 'failed' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    const turn = await fetch(`${url}/v1/turns/${problem.turn_id}`).then(bodyOf);
    expect(turn).toMatchObject({ status: 'failed', problem: problem.detail });
    expect(turn).not.toHaveProperty('reply');
  });

  it('tells a client with a message id that a retry needs another id, which then works', async () => {
    const { agent, post } = await httpGateway();
    const message = { ...HELLO, message_id: 'm1' };
    const [first, repeated] = [post(message), post(message)];
    await eventually(() => expect(agent.calls).toHaveLength(1));
    agent.call(0).end(new Error('no'));
    const detail =
      'The agent failed; see the log of the gateway. Send a new message to retry. ' +
      'A request with the same message_id gets this answer again: use another one.';
    for (const response of [await first, await repeated, await post(message)]) {
      expect([response.status, await bodyOf(response)]).toEqual([422, expect.objectContaining({ detail })]);
    }
    const retried = post({ ...message, message_id: 'm2' });
    await eventually(() => expect(agent.calls).toHaveLength(2));
    agent.call(1).end();
    expect((await retried).status).toBe(200);
  });

  it('is a 422 when it was interrupted', async () => {
    const { agent, gateway, post } = await httpGateway();
    const answer = post(HELLO);
    await eventually(() => expect(agent.calls).toHaveLength(1));
    gateway.engine.interruptRunning();
    const response = await answer;
    expect([response.status, response.headers.get('retry-after')]).toEqual([422, null]);
    expect(await bodyOf(response)).toMatchObject({
      code: 'turn-interrupted',
      turn_status: 'interrupted',
      detail: expect.stringContaining('Write again to resume'),
    });
  });
});

describe('GET /v1/turns/:id', () => {
  it.each(['unknown', '%00', 'a'.repeat(200), '..%2f..%2fetc'])('answers 404 for %s', async (id) => {
    const { url } = await httpGateway();
    const response = await fetch(`${url}/v1/turns/${id}`);
    expect(response.status).toBe(404);
    expect(await bodyOf(response)).toMatchObject({ code: 'turn-unknown', status: 404 });
  });
});
