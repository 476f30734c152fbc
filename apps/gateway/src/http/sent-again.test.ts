import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, vi } from 'vitest';
import { bodyOf, eventsOf, httpGateway } from '../testing/http-gateway.ts';

const ROUTES = {
  '/v1/messages': { session: 's', text: 'hello' },
  '/v1/chat/completions': { model: 'm', messages: [{ role: 'user', content: 'hello' }] },
  '/v1/chat/completions, streamed': { model: 'm', stream: true, messages: [{ role: 'user', content: 'hello' }] },
} as const;
type Route = keyof typeof ROUTES;
const ALL = Object.keys(ROUTES) as Route[];
const PLAIN = ALL.slice(0, 2);

/** Waits until the check passes, also on a busy machine. */
function until<T>(check: () => T | Promise<T>): Promise<T> {
  return eventually(check);
}

async function gatewayWithSend(options: Parameters<typeof httpGateway>[0] = {}) {
  const gateway = await httpGateway(options);
  const send = (route: Route, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(`${gateway.url}${route.split(',')[0]}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(ROUTES[route]),
      signal: signal ?? null,
    });
  return { ...gateway, send };
}

/** Sends a request whose client leaves while its turn runs, and waits until that is known. */
async function sendAndLeave({ agent, gateway, send }: Awaited<ReturnType<typeof gatewayWithSend>>, route: Route) {
  const leave = new AbortController();
  const left = vi.spyOn(gateway.engine.repeats, 'attend');
  const sent = send(route, {}, leave.signal).then((response) => response.text());
  await until(() => expect(agent.calls).toHaveLength(1));
  await until(() => expect(left).toHaveBeenCalled());
  const leaving = vi.spyOn(left.mock.results[0]?.value, 'leave');
  leave.abort();
  await expect(sent).rejects.toThrow('abort');
  await until(() => expect(leaving).toHaveBeenCalled());
}

describe.each(ALL)('POST %s', (route) => {
  it('sent again by a client that gave up on it joins the turn that runs', async () => {
    const gateway = await gatewayWithSend();
    const { agent, send } = gateway;
    await sendAndLeave(gateway, route);
    const again = send(route);
    await until(() => expect(gateway.gateway.engine.repeats.attend).toHaveBeenCalledTimes(2));
    agent.call(0).say('hi');
    agent.call(0).end();
    expect(await (await again).text()).toContain('hi');
    expect(agent.calls).toHaveLength(1);
  });

  it('sent three times at once, by clients that all wait, is three messages', async () => {
    const { agent, send, journal } = await gatewayWithSend();
    const { promise: disk, resolve: store } = Promise.withResolvers<void>();
    const accept = journal.accept.bind(journal);
    const accepting = vi.spyOn(journal, 'accept').mockImplementation(async (turn) => {
      await disk;
      return accept(turn);
    });
    const sent = [send(route), send(route), send(route)];
    await until(() => expect(accepting).toHaveBeenCalledTimes(3));
    store();
    for (const nth of [0, 1, 2]) {
      await until(() => expect(agent.calls.length).toBeGreaterThan(nth));
      agent.call(nth).say(`hi ${nth}`);
      agent.call(nth).end();
    }
    const answers = await Promise.all(sent.map(async (response) => (await response).text()));
    for (const nth of [0, 1, 2]) expect(answers.filter((answer) => answer.includes(`hi ${nth}`))).toHaveLength(1);
  });

  it('sent again after the turn has ended without its client gets what came of it', async () => {
    const gateway = await gatewayWithSend();
    const { agent, send, journal } = gateway;
    await sendAndLeave(gateway, route);
    agent.call(0).say('hi');
    agent.call(0).end();
    await until(async () => expect(await journal.turns({ status: 'done', limit: 2 })).toHaveLength(1));
    expect(await (await send(route)).text()).toContain('hi');
    expect(agent.calls).toHaveLength(1);
  });

  it('sent again as a retry gets the failure, not another run', async () => {
    const { agent, send } = await gatewayWithSend();
    const first = send(route).then((response) => response.text());
    await until(() => expect(agent.calls).toHaveLength(1));
    agent.call(0).end(new Error('no'));
    expect(await first).toContain('The agent failed');
    const retries = [{ 'x-stainless-retry-count': '1' }, { 'x-stainless-retry-count': '2' }, {}];
    for (const headers of retries) expect(await (await send(route, headers)).text()).toContain('The agent failed');
    expect(agent.calls).toHaveLength(1);
  });

  it('is another message when the first one was answered', async () => {
    const { agent, send } = await gatewayWithSend();
    for (const n of [0, 1]) {
      const answer = send(route).then((response) => response.text());
      await until(() => expect(agent.calls).toHaveLength(n + 1));
      agent.call(n).say(`reply ${n}`);
      agent.call(n).end();
      expect(await answer).toContain(`reply ${n}`);
    }
  });

  it('with the same Idempotency-Key is the same message', async () => {
    const { agent, send } = await gatewayWithSend();
    const key = { 'idempotency-key': 'k' };
    const answers = [send(route, key), send(route, key)].map(async (answer) => (await answer).text());
    await until(() => expect(agent.calls).toHaveLength(1));
    agent.call(0).say('hi');
    agent.call(0).end();
    for (const text of [...(await Promise.all(answers)), await (await send(route, key)).text()]) {
      expect(text).toContain('hi');
    }
    expect(agent.calls).toHaveLength(1);
  });
});

it('the same request of two clients that wait makes two turns', async () => {
  const { agent, send } = await gatewayWithSend();
  const answers = [send('/v1/chat/completions'), send('/v1/chat/completions')];
  await until(() => expect(agent.calls).toHaveLength(2));
  for (const call of agent.calls) call.end();
  for (const answer of answers) expect((await answer).status).toBe(200);
});

it.each([
  ['/v1/messages', 422],
  ['/v1/chat/completions', 400],
] as const)('POST %s: a turn that ran and was cut off is no 503, and says not to try again', async (route, status) => {
  const { agent, gateway, send } = await gatewayWithSend();
  const answer = send(route);
  await until(() => expect(agent.calls).toHaveLength(1));
  gateway.engine.interruptRunning();
  const response = await answer;
  expect([response.status, response.headers.get('x-should-retry'), response.headers.get('retry-after')]).toEqual([
    status,
    'false',
    null,
  ]);
  expect(await response.text()).toContain('"turn-interrupted"');
});

describe('an answer that takes long', () => {
  const silence = { first: 1, next: 1 };

  it('is kept alive with white space, and is whole', async () => {
    const { agent, send } = await gatewayWithSend({ silence });
    const response = await send('/v1/chat/completions');
    expect([response.status, agent.calls.length]).toEqual([200, 1]);
    agent.call(0).say('hi');
    agent.call(0).end();
    const text = await response.text();
    expect(text).toMatch(/^ +\{/);
    expect(JSON.parse(text)).toMatchObject({ choices: [{ message: { content: 'hi' } }] });
  });

  it('breaks off when the turn fails, and a retry gets the error', async () => {
    const { agent, send } = await gatewayWithSend({ silence });
    const response = await send('/v1/chat/completions');
    agent.call(0).end(new Error('no'));
    await expect(response.text()).rejects.toThrow('terminated');
    const again = await send('/v1/chat/completions');
    expect([again.status, await bodyOf(again)]).toEqual([
      400,
      { error: expect.objectContaining({ code: 'turn-failed', type: 'server_error' }) },
    ]);
    expect(agent.calls).toHaveLength(1);
  });
});

describe('DELETE /v1/turns/:id', () => {
  it('interrupts a running and a queued turn, and answers their clients', async () => {
    const { agent, post, url } = await httpGateway();
    const waiting = [post({ session: 's', text: 'one' }), post({ session: 's', text: 'two' })];
    await until(() => expect(agent.calls).toHaveLength(1));
    const running = agent.call(0).request.turn;
    const stream = post({ session: 's', text: 'three' }, { accept: 'text/event-stream' });
    const { value: first } = await eventsOf(await stream).next();
    const { turn_id: queued } = (first as { data: { turn_id: string } }).data;
    for (const [id, status] of [
      [queued, 'interrupted'],
      [running, 'interrupted'],
      [running, 'interrupted'],
    ]) {
      const response = await fetch(`${url}/v1/turns/${id}`, { method: 'DELETE' });
      expect([response.status, await bodyOf(response)]).toEqual([
        200,
        expect.objectContaining({ turn_id: id, status }),
      ]);
    }
    expect(await bodyOf((await waiting[0]) as Response)).toMatchObject({
      code: 'turn-interrupted',
      detail: 'This turn was interrupted on request.',
    });
    await until(() => expect(agent.asked).toEqual(['one', 'two']));
    agent.call(1).end();
    expect((await waiting[1])?.status).toBe(200);
    expect(agent.calls).toHaveLength(2);
  });

  it('leaves one that has ended as it is, and knows no other', async () => {
    const { agent, post, url } = await httpGateway();
    const answer = post({ session: 's', text: 'one' });
    await until(() => expect(agent.calls).toHaveLength(1));
    agent.call(0).end();
    const { turn_id: id } = await bodyOf(await answer);
    const remove = (turn: unknown) => fetch(`${url}/v1/turns/${turn}`, { method: 'DELETE' });
    expect(await bodyOf(await remove(id))).toMatchObject({ turn_id: id, status: 'done' });
    expect((await remove('unknown')).status).toBe(404);
  });
});

describe('a client that leaves before the end of its turn', () => {
  it.each(PLAIN)('interrupts it where the configuration says so: %s', async (route) => {
    const gateway = await gatewayWithSend({ onDisconnect: 'interrupt' });
    await sendAndLeave(gateway, route);
    await until(() => expect(gateway.agent.call(0).signal.aborted).toBe(true));
    const problem = expect.stringContaining('The client disconnected');
    await until(async () =>
      expect(await gateway.journal.turns({ limit: 2 })).toEqual([expect.objectContaining({ problem })]),
    );
  });

  it('keeps it running while another client waits for it, and by default', async () => {
    for (const onDisconnect of ['interrupt', 'continue'] as const) {
      const gateway = await gatewayWithSend({ onDisconnect });
      const { agent, post } = gateway;
      const message = { session: 's', text: 'x', message_id: 'm' };
      const stays = onDisconnect === 'interrupt' ? [post(message)] : [];
      await until(() => expect(agent.calls).toHaveLength(stays.length));
      const leave = new AbortController();
      const attend = vi.spyOn(gateway.gateway.engine.repeats, 'attend');
      const body = JSON.stringify(message);
      const headers = { 'content-type': 'application/json' };
      const leaves = fetch(`${gateway.url}/v1/messages`, { method: 'POST', headers, body, signal: leave.signal });
      await until(() => expect(attend).toHaveBeenCalledTimes(1));
      const leaving = vi.spyOn(attend.mock.results[0]?.value, 'leave');
      leave.abort();
      await expect(leaves).rejects.toThrow('abort');
      await until(() => expect(leaving).toHaveBeenCalled());
      expect(agent.call(0).signal.aborted).toBe(false);
      agent.call(0).end();
      for (const answer of stays) expect((await answer).status).toBe(200);
    }
  });
});
