import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { bodyOf, eventsOf, httpGateway } from '../testing/http-gateway.ts';

type HttpGateway = Awaited<ReturnType<typeof httpGateway>>;

interface Page {
  readonly turns: readonly Record<string, unknown>[];
  readonly next_before: number | null;
  readonly last_event_id: string;
}

async function talk({ agent, post }: HttpGateway, text: string, session = 's', more = {}): Promise<void> {
  const index = agent.calls.length;
  const answer = post({ session, text, ...more });
  await eventually(() => expect(agent.calls.length).toBe(index + 1));
  agent.call(index).say(`re: ${text}`);
  agent.call(index).end();
  expect((await answer).status).toBe(200);
}

async function read({ url }: HttpGateway, query = '', session = 's'): Promise<Page> {
  const response = await fetch(`${url}/v1/sessions/${session}/turns${query}`);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return (await response.json()) as Page;
}

const texts = ({ turns }: Page) => turns.map(({ text }) => text);

describe('GET /v1/sessions/:id/turns', () => {
  it('has the turns of the session, the newest first, with what was said', async () => {
    const gateway = await httpGateway();
    await talk(gateway, 'one', 's', { message_id: 'm1' });
    await talk(gateway, 'elsewhere', 'other');
    await talk(gateway, 'two');
    const page = await read(gateway);
    expect(texts(page)).toEqual(['two', 'one']);
    expect(page.next_before).toBeNull();
    expect(page.turns[1]).toMatchObject({
      turn_id: expect.any(String),
      session: 's',
      status: 'done',
      reply: 're: one',
      message_id: 'm1',
      conversation: 'exchange',
      accepted_at: expect.stringMatching(/^\d{4}-/),
    });
  });

  it('comes in pages, which end where there are no more', async () => {
    const gateway = await httpGateway();
    for (const text of ['a', 'b', 'c', 'd']) await talk(gateway, text);
    const first = await read(gateway, '?limit=2');
    expect(texts(first)).toEqual(['d', 'c']);
    const second = await read(gateway, `?limit=2&before=${first.next_before}`);
    expect([texts(second), second.next_before]).toEqual([['b', 'a'], null]);
  });

  it('shows a turn that runs and one that waits', async () => {
    const gateway = await httpGateway();
    const answers = [gateway.post({ session: 's', text: 'runs' })];
    await eventually(() => expect(gateway.agent.calls.length).toBe(1));
    answers.push(gateway.post({ session: 's', text: 'waits' }));
    await eventually(async () =>
      expect((await read(gateway)).turns.map(({ status }) => status)).toEqual(['accepted', 'running']),
    );
    gateway.agent.call(0).end();
    await eventually(() => expect(gateway.agent.calls.length).toBe(2));
    gateway.agent.call(1).end();
    await Promise.all(answers);
  });

  it('says from where on the events follow that are not in it', async () => {
    const gateway = await httpGateway();
    expect((await read(gateway)).last_event_id).toMatch(/^[0-9a-f]{12}-0$/);
    await talk(gateway, 'before');
    const { last_event_id } = await read(gateway);
    await talk(gateway, 'after');
    const leaving = new AbortController();
    const response = await fetch(`${gateway.url}/v1/sessions/s/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': last_event_id },
      signal: leaving.signal,
    });
    const { value } = await eventsOf(response).next();
    expect(value?.data).toMatchObject({ reply: 're: after' });
    leaving.abort();
  });

  it('is empty for a session that nobody used', async () => {
    const gateway = await httpGateway();
    expect(await read(gateway, '', 'nobody')).toMatchObject({ turns: [], next_before: null });
  });

  it.each(['?before=x', '?before=0', '?limit=0', '?limit=201', '?limit=1.5'])('refuses %s', async (query) => {
    const { url } = await httpGateway();
    const response = await fetch(`${url}/v1/sessions/s/turns${query}`);
    expect([response.status, (await bodyOf(response))['code']]).toEqual([400, 'invalid-request']);
  });
});

describe('GET /v1/turns/:id as a stream', () => {
  it('sends the reply from its beginning as it grows, and the end, to whoever comes later', async () => {
    const gateway = await httpGateway();
    const sent = await gateway.post({ session: 's', text: 'hello' }, { prefer: 'respond-async' });
    const { turn_id } = await bodyOf(sent);
    await eventually(() => expect(gateway.agent.calls.length).toBe(1));
    gateway.agent.call(0).say('one ');
    const stream = await fetch(`${gateway.url}/v1/turns/${turn_id}`, { headers: { accept: 'text/event-stream' } });
    const events = eventsOf(stream);
    expect((await events.next()).value).toMatchObject({ event: 'turn', data: { status: 'running' } });
    expect((await events.next()).value).toMatchObject({ event: 'delta', data: { text: 'one ' } });
    gateway.agent.call(0).say('two');
    expect((await events.next()).value).toMatchObject({ event: 'delta', data: { text: 'two' } });
    gateway.agent.call(0).end();
    expect((await events.next()).value).toMatchObject({ event: 'turn', data: { status: 'done', reply: 'one two' } });
    expect((await events.next()).done).toBe(true);
  });

  it('is a 404 for an unknown turn', async () => {
    const { url } = await httpGateway();
    const response = await fetch(`${url}/v1/turns/none`, { headers: { accept: 'text/event-stream' } });
    expect([response.status, (await bodyOf(response))['code']]).toEqual([404, 'turn-unknown']);
  });
});
