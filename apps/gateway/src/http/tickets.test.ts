import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bodyOf, eventsOf, type HttpGatewayOptions, httpGateway } from '../testing/http-gateway.ts';

const KEY = 's3cret';
const WITH_KEY = { authorization: `Bearer ${KEY}` };

/** A gateway with a key, and a clock for its tickets that the test sets. */
async function ticketGateway(options: HttpGatewayOptions = {}) {
  const clock = { now: 0 };
  const gateway = await httpGateway({ key: KEY, ...options, tickets: { now: () => clock.now, ...options.tickets } });
  const ask = (session: string, headers: Record<string, string> = WITH_KEY) =>
    fetch(`${gateway.url}/v1/sessions/${encodeURIComponent(session)}/events/ticket`, { method: 'POST', headers });
  return {
    ...gateway,
    clock,
    ask,
    ticketFor: async (session: string) => String((await bodyOf(await ask(session))).ticket),
    /** Opens the events of a session as an `EventSource` does, with nothing but a URL. */
    open: (session: string, query: string, headers: Record<string, string> = {}) =>
      openEvents(`${gateway.url}/v1/sessions/${encodeURIComponent(session)}/events${query}`, headers),
    /** Has a message answered with its own text. */
    talk: async (text: string, session = 's') => {
      const answer = gateway.post({ session, text }, WITH_KEY);
      await eventually(() => expect(gateway.agent.asked).toContain(text));
      gateway.agent.call(gateway.agent.asked.indexOf(text)).say(text);
      gateway.agent.call(gateway.agent.asked.indexOf(text)).end();
      expect((await answer).status).toBe(200);
    },
  };
}

async function openEvents(url: string, headers: Record<string, string>) {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: leaving.signal });
  const events = eventsOf(response);
  const next = async () => (await events.next()).value;
  return { response, status: response.status, next, leave: () => leaving.abort() };
}

describe('POST /v1/sessions/:id/events/ticket', () => {
  it('gives a ticket that no cache keeps, and its end', async () => {
    const { ask } = await ticketGateway({ tickets: { ttlMs: 60_000 } });
    const asked = Date.now();
    const response = await ask('ü/🙂');
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { ticket, expires_at } = await bodyOf(response);
    expect(ticket).toMatch(/^[\w-]{43}$/);
    const left = Date.parse(String(expires_at)) - asked;
    expect(left >= 60_000 && left <= Date.now() - asked + 60_000).toBe(true);
  });

  it('needs the key: a ticket is none', async () => {
    const { ask, ticketFor, url } = await ticketGateway();
    expect((await ask('s', {})).status).toBe(401);
    const ticket = await ticketFor('s');
    const more = await fetch(`${url}/v1/sessions/s/events/ticket?ticket=${ticket}`, { method: 'POST' });
    expect([more.status, await bodyOf(more)]).toEqual([401, expect.objectContaining({ code: 'unauthorized' })]);
  });

  it('is answered under a drain, and not before the gateway has started', async () => {
    const draining = await ticketGateway();
    await draining.drain();
    expect((await draining.ask('s')).status).toBe(201);
    const starting = await ticketGateway({ open: false });
    expect((await starting.ask('s')).status).toBe(503);
  });

  it('is a 503 with Retry-After when too many are valid, and a ticket again when some have expired', async () => {
    const { ask, clock } = await ticketGateway({ tickets: { max: 2, ttlMs: 60 } });
    expect([(await ask('s')).status, (await ask('s')).status]).toEqual([201, 201]);
    const refused = await ask('s');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await bodyOf(refused)).toMatchObject({ code: 'overloaded', detail: expect.stringMatching(/^2 tickets/) });
    clock.now = 60;
    expect((await ask('s')).status).toBe(201);
  });

  it('gives one without a key, too, which nothing keeps or asks for', async () => {
    const { url } = await httpGateway({ tickets: { max: 1 } });
    const ask = () => fetch(`${url}/v1/sessions/s/events/ticket`, { method: 'POST' });
    expect([(await ask()).status, (await ask()).status]).toEqual([201, 201]);
    const { ticket } = await bodyOf(await ask());
    expect((await openEvents(`${url}/v1/sessions/s/events?ticket=${ticket}`, {})).status).toBe(200);
    expect((await openEvents(`${url}/v1/sessions/s/events?ticket=x`, {})).status).toBe(200);
  });
});

describe('a ticket in the query', () => {
  it('opens the events of its session again and again, and from an event on', async () => {
    const { open, ticketFor, talk } = await ticketGateway();
    const ticket = await ticketFor('s');
    const first = await open('s', `?ticket=${ticket}&events=unnamed`);
    expect(first.status).toBe(200);
    await talk('a');
    const seen = await first.next();
    expect(seen?.data).toMatchObject({ type: 'turn', reply: 'a' });
    first.leave();
    await talk('b');
    const again = await open('s', `?ticket=${ticket}`, { 'last-event-id': String(seen?.id) });
    expect(await again.next()).toMatchObject({ data: { reply: 'b' } });
  });

  it('opens nothing else', async () => {
    const { url, ticketFor, open } = await ticketGateway();
    const ticket = await ticketFor('s');
    const statusOf = async (method: string, path: string) =>
      (await fetch(`${url}${path}?ticket=${ticket}`, { method })).status;
    expect(await statusOf('GET', '/v1/sessions/other/events')).toBe(401);
    expect(await statusOf('HEAD', '/v1/sessions/s/events')).toBe(401);
    expect(await statusOf('GET', '/v1/turns/s')).toBe(401);
    expect(await statusOf('DELETE', '/v1/turns/s')).toBe(401);
    expect(await statusOf('POST', '/v1/messages')).toBe(401);
    expect(await statusOf('POST', '/v1/chat/completions')).toBe(401);
    expect(await statusOf('GET', '/v1/models')).toBe(401);
    expect(await statusOf('GET', '/metrics')).toBe(401);
    expect((await open('s', '', { authorization: `Bearer ${ticket}` })).status).toBe(401);
    expect((await open('s', `?ticket=${ticket}`, { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it.each(['?ticket=', '?ticket=x', '?ticket=TICKET&ticket=TICKET', '?ticket[]=TICKET', '?Ticket=TICKET'])(
    'is not valid as %s',
    async (query) => {
      const { open, ticketFor } = await ticketGateway();
      const { response } = await open('s', query.replaceAll('TICKET', await ticketFor('s')));
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    },
  );

  it('is not valid once it has expired, and that counts as no wrong key', async () => {
    const { open, ticketFor, clock, url } = await ticketGateway({ tickets: { ttlMs: 60 } });
    const ticket = await ticketFor('s');
    clock.now = 60;
    for (let time = 0; time < 15; time++) {
      const { response } = await open('s', `?ticket=${ticket}`);
      expect([response.status, await bodyOf(response)]).toEqual([
        401,
        expect.objectContaining({ code: 'ticket-invalid', detail: expect.stringContaining('request a new one') }),
      ]);
    }
    const metrics = await fetch(`${url}/metrics`, { headers: WITH_KEY });
    expect(await metrics.text()).toMatch(/^hermes_wrong_keys_total 0$/m);
  });

  it('stays valid while its stream is open, and for its time after that', async () => {
    const { open, ticketFor, clock, gateway } = await ticketGateway({ tickets: { ttlMs: 60 } });
    const query = `?ticket=${await ticketFor('s')}`;
    const first = await open('s', query);
    clock.now = 1_000;
    const second = await open('s', query);
    expect(second.status).toBe(200);
    first.leave();
    second.leave();
    await eventually(() => expect(gateway.hub.readers).toBe(0));
    clock.now = 1_059;
    const third = await open('s', query);
    expect(third.status).toBe(200);
    third.leave();
    await eventually(() => expect(gateway.hub.readers).toBe(0));
    clock.now = 1_119;
    expect((await open('s', query)).status).toBe(401);
  });

  it('ends its streams at its hard maximum', async () => {
    const { open, ticketFor, clock, gateway } = await ticketGateway({ tickets: { maxMs: 100 } });
    const query = `?ticket=${await ticketFor('s')}`;
    const stream = await open('s', query);
    expect([stream.status, await stream.next()]).toEqual([200, undefined]);
    expect(gateway.hub.readers).toBe(0);
    clock.now = 100;
    expect((await open('s', query)).status).toBe(401);
  });

  it('ends the oldest of its streams when it has opened too many', async () => {
    const { open, ticketFor, talk } = await ticketGateway({ tickets: { maxStreams: 1 } });
    const query = `?ticket=${await ticketFor('s')}`;
    const [first, second] = [await open('s', query), await open('s', query)];
    expect(await first.next()).toBeUndefined();
    await talk('a');
    expect(await second.next()).toMatchObject({ data: { reply: 'a' } });
  });

  it('does not open a second reader beyond the limit of all readers', async () => {
    const { open, ticketFor } = await ticketGateway({ maxReaders: 1 });
    const query = `?ticket=${await ticketFor('s')}`;
    await open('s', query);
    expect((await open('s', query)).status).toBe(503);
  });
});

describe('last_event_id in the query', () => {
  it('says where a new EventSource resumes, and the header where one does that reconnects', async () => {
    const { open, talk, journal } = await ticketGateway();
    for (const text of ['a', 'b', 'c']) await talk(text);
    const id = await journal.identity();
    const query = `?last_event_id=${id}-1`;
    expect(await (await open('s', query, WITH_KEY)).next()).toMatchObject({ data: { reply: 'b' } });
    const again = await open('s', query, { ...WITH_KEY, 'last-event-id': `${id}-2` });
    expect(await again.next()).toMatchObject({ data: { reply: 'c' } });
    expect(await (await open('s', '?last_event_id=0', WITH_KEY)).next()).toMatchObject({ data: { reply: 'a' } });
  });

  it('is a 400 when it is no id of an event', async () => {
    const { open } = await ticketGateway();
    const { response } = await open('s', '?last_event_id=x', WITH_KEY);
    expect(await bodyOf(response)).toMatchObject({ status: 400, detail: expect.stringMatching(/^last_event_id: /) });
  });
});
