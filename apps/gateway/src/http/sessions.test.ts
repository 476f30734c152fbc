import { clearDrainRequest } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bodyOf, eventsOf, httpGateway, type StreamedEvent } from '../testing/http-gateway.ts';
import { announcement } from '../testing/journals.ts';
import { movedOn } from '../testing/moved-on.ts';

type HttpGateway = Awaited<ReturnType<typeof httpGateway>>;

/** Opens the events of a session, by default those from now on. */
async function follow({ url }: HttpGateway, session = 's', headers: Record<string, string> = {}, query = '') {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(`${url}/v1/sessions/${encodeURIComponent(session)}/events${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  });
  const events = eventsOf(response);
  const next = async () => (await events.next()).value as StreamedEvent | undefined;
  return { response, next, leave: () => leaving.abort() };
}

/** Has a message answered with its own text. */
async function talk({ agent, post }: HttpGateway, text: string, session = 's'): Promise<void> {
  const index = agent.calls.length;
  const answer = post({ session, text });
  await eventually(() => expect(agent.calls.length).toBe(index + 1));
  agent.call(index).say(text);
  agent.call(index).end();
  expect((await answer).status).toBe(200);
}

/** The replies in the next `count` events. */
async function replies(next: () => Promise<StreamedEvent | undefined>, count: number): Promise<unknown[]> {
  const said: unknown[] = [];
  while (said.length < count) said.push(((await next())?.data as { reply?: string } | undefined)?.reply);
  return said;
}

describe('GET /v1/sessions/:id/events', () => {
  it('sends replies and notices as they happen, each with an increasing id of this journal', async () => {
    const gateway = await httpGateway();
    const { response, next } = await follow(gateway);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream/),
    ]);
    await talk(gateway, 'hello');
    const turn = { turn_id: expect.any(String), session: 's', status: 'done', reply: 'hello' };
    const journal = await gateway.journal.identity();
    expect(journal).toMatch(/^[0-9a-f]{12}$/);
    expect(await next()).toEqual({ id: `${journal}-1`, event: 'turn', data: turn });
    await gateway.drain('new disk');
    expect((await gateway.post({ session: 's', text: 'refused' })).status).toBe(503);
    const draining = { session: 's', notice: 'draining', text: expect.stringContaining('(new disk)') };
    expect(await next()).toEqual({ id: `${journal}-2`, event: 'notice', data: draining });
    await clearDrainRequest({ home: gateway.home });
    expect(await next()).toEqual({
      id: `${journal}-3`,
      event: 'notice',
      data: expect.objectContaining({ notice: 'back' }),
    });
  });

  it('sends only events of its session, from now on', async () => {
    const gateway = await httpGateway();
    await talk(gateway, 'before');
    const { next } = await follow(gateway);
    await talk(gateway, 'elsewhere', 'other');
    await talk(gateway, 'after');
    expect(await replies(next, 1)).toEqual(['after']);
  });

  it.each<[last: string, expected: string[]]>([
    ['0', ['a', 'b', 'c', 'd']],
    ['OURS-0', ['a', 'b', 'c', 'd']],
    ['OURS-2', ['c', 'd']],
    ['OURS-3', ['d']],
  ])('resumes after Last-Event-ID %s with missed and new events', async (last, expected) => {
    const gateway = await httpGateway();
    for (const text of ['a', 'b', 'c']) await talk(gateway, text);
    const id = last.replace('OURS', await gateway.journal.identity());
    const { next } = await follow(gateway, 's', { 'last-event-id': id });
    await talk(gateway, 'd');
    expect(await replies(next, expected.length)).toEqual(expected);
  });

  it.each<[what: string, last: string]>([
    ['of another journal', '0123456789ab-2'],
    ['of no journal', '2'],
    ['that this journal has not reached', 'OURS-4'],
  ])('sends a reset before all its events to a reader with an id %s', async (_what, last) => {
    const gateway = await httpGateway();
    for (const text of ['a', 'b', 'c']) await talk(gateway, text);
    const journal = await gateway.journal.identity();
    const { next } = await follow(gateway, 's', { 'last-event-id': last.replace('OURS', journal) });
    expect(await next()).toEqual({ id: `${journal}-0`, event: 'reset', data: { text: expect.any(String) } });
    expect(await replies(next, 3)).toEqual(['a', 'b', 'c']);
  });

  it('sends unnamed events to an EventSource that has only onmessage', async () => {
    const gateway = await httpGateway();
    const { next } = await follow(gateway, 's?', {}, '?events=unnamed');
    await talk(gateway, 'hello', 's?');
    expect(await next()).toEqual({
      id: expect.any(String),
      event: undefined,
      data: expect.objectContaining({ type: 'turn', reply: 'hello' }),
    });
    const { response } = await follow(gateway, 's', {}, '?events=loud');
    expect([response.status, await bodyOf(response)]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-request' }),
    ]);
  });

  it.each(['x', '-1', '1.5', '0x1', '1e3', '1 2', '9'.repeat(16), "1'--"])(
    'is a 400 for Last-Event-ID %s',
    async (id) => {
      const { response } = await follow(await httpGateway(), 's', { 'last-event-id': id });
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect([response.status, await bodyOf(response)]).toEqual([
        400,
        expect.objectContaining({ code: 'invalid-request', detail: expect.stringMatching(/^Last-Event-ID: /) }),
      ]);
    },
  );

  it.each(['ü/🙂', 'mail:anna@example.org', '__proto__', 'error', 'a b?c#d%'])(
    'knows a session by any name: %s',
    async (session) => {
      const gateway = await httpGateway();
      const { next } = await follow(gateway, session);
      await talk(gateway, 'hello', session);
      expect(await next()).toMatchObject({ data: { session, reply: 'hello' } });
    },
  );

  it('sends the same events to every reader, and continues when one disconnects', async () => {
    const gateway = await httpGateway();
    const [leaving, staying] = [await follow(gateway), await follow(gateway)];
    await talk(gateway, 'a');
    expect([await replies(leaving.next, 1), await replies(staying.next, 1)]).toEqual([['a'], ['a']]);
    leaving.leave();
    await talk(gateway, 'b');
    expect(await replies(staying.next, 1)).toEqual(['b']);
    await expect(leaving.next()).rejects.toThrow('abort');
  });

  it('frees the memory of a reader that stops reading and then disconnects', async () => {
    const gateway = await httpGateway();
    const { hub } = gateway.gateway;
    const original = hub.follow.bind(hub);
    const left = Promise.withResolvers<void>();
    vi.spyOn(hub, 'follow').mockImplementation(async function* (...given) {
      try {
        yield* original(...given);
      } finally {
        left.resolve();
      }
    });
    const { leave } = await follow(gateway);
    const much = announcement('s', 'x'.repeat(1_000_000));
    await Promise.all(Array.from({ length: 50 }, () => gateway.journal.announce(much)));
    hub.publish('s');
    await movedOn();
    leave();
    await left.promise;
  });

  it('ends when the gateway closes its events', async () => {
    const gateway = await httpGateway();
    const { next } = await follow(gateway);
    await talk(gateway, 'last words');
    expect(await replies(next, 1)).toEqual(['last words']);
    gateway.gateway.hub.close();
    expect(await next()).toBeUndefined();
  });

  it('needs the key that the rest of the API needs', async () => {
    const gateway = await httpGateway({ key: 's3cret' });
    expect((await follow(gateway)).response.status).toBe(401);
    expect((await follow(gateway, 's', { authorization: 'Bearer s3cret' })).response.status).toBe(200);
  });

  it('is for streams only', async () => {
    const { response } = await follow(await httpGateway(), 's', { accept: 'application/json' });
    expect(response.status).toBe(406);
  });
});

describe('a message under a drain of a gateway that queues', () => {
  it('is stored with 202 as queued, and its reply arrives when the drain is over', async () => {
    const gateway = await httpGateway({ onDrain: 'queue' });
    const { next } = await follow(gateway);
    await gateway.drain();
    const response = await gateway.post({ session: 's', text: 'hello' });
    const queued = await bodyOf(response);
    expect([response.status, queued]).toEqual([
      202,
      { turn_id: expect.any(String), session: 's', status: 'accepted', queued: true },
    ]);
    expect(response.headers.get('location')).toBe(`/v1/turns/${queued.turn_id}`);
    expect(await next()).toMatchObject({ data: { notice: 'draining', text: expect.stringContaining('is stored') } });
    await clearDrainRequest({ home: gateway.home });
    await eventually(() => expect(gateway.agent.asked).toEqual(['hello']));
    gateway.agent.call(0).end();
    const received = [await next(), await next()].map((event) => event?.data as Record<string, unknown>);
    expect(received).toContainEqual(expect.objectContaining({ notice: 'back' }));
    expect(received).toContainEqual({ turn_id: queued.turn_id, session: 's', status: 'done', reply: '' });
  });
});
