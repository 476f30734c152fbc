import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { clearDrainRequest, writeDesiredState, writeDrainRequest, writeGatewayState } from '@hermes/drain-contract';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, onTestFinished, test } from 'vitest';
import { problemOf, SECRET, testDashboard } from '../testing/dashboard.ts';
import { followEvents } from '../testing/events.ts';
import { answerDrain, gatewayState } from '../testing/gateway.ts';
import { addProfile } from '../testing/home.ts';

test('begins with all profiles, then tells each change and what is gone', async () => {
  const { home, listen, ask } = await testDashboard();
  const mail = addProfile(home, 'mail');
  const client = await followEvents(await listen());
  expect(client.response.headers.get('content-type')).toBe('text/event-stream');
  const snapshot = await client.next();
  expect(snapshot).toMatchObject({ event: 'snapshot', data: { profiles: [{ name: 'default' }, { name: 'mail' }] } });
  expect(snapshot.data.profiles).toEqual((await ask({ url: '/api/profiles' })).json().profiles);

  const { request_id } = await writeDrainRequest({ home: mail, reason: 'update' });
  expect(await client.next()).toMatchObject({
    event: 'profile',
    data: { name: 'mail', draining: true, request: { request_id, reason: 'update', verdict: { active: true } } },
  });
  await answerDrain(mail);
  await untilEvent(client, ({ data }) => data.name === 'mail' && data.safe_to_stop);
  rmSync(mail, { recursive: true });
  await untilEvent(client, ({ event, data }) => event === 'removed' && data.name === 'mail');
});

test('a heartbeat alone is no event, and neither is the time that passes', async () => {
  const { home, listen, services } = await testDashboard();
  const state = gatewayState();
  await writeGatewayState(state, { home });
  const client = await followEvents(await listen());
  expect((await client.next()).event).toBe('snapshot');
  const later = new Date(Date.now() + 5_000).toISOString();
  await writeGatewayState({ ...state, updated_at: later }, { home });
  await eventually(() => {
    services.volume.poll();
    expect(services.volume.views()[0]?.heartbeat_at).toContain(later.slice(0, 19));
  });
  await writeDesiredState('stopped', { home });
  expect((await client.next()).data.desired_state).toBe('stopped');
});

test('a gateway that goes stale is an event, though no file changes', async () => {
  const { home, listen } = await testDashboard();
  const soonStale = new Date(Date.now() - 25_000).toISOString();
  await writeGatewayState(gatewayState({ updated_at: soonStale }), { home });
  const client = await followEvents(await listen());
  expect((await client.next()).data.profiles[0].gateway_running).toBe(true);
  expect((await client.next()).data).toMatchObject({ gateway_running: false, gateway_state: 'stopped' });
});

test('who comes back gets what was missed, each profile once in its latest state', async () => {
  const { home, listen } = await testDashboard();
  const mail = addProfile(home, 'mail');
  addProfile(home, 'chat');
  const url = await listen();
  const other = await followEvents(url);
  const client = await followEvents(url);
  const { id = '' } = await client.next();
  client.close();
  await writeDesiredState('stopped', { home: mail });
  await untilEvent(other, ({ data }) => data.desired_state === 'stopped');
  await writeDrainRequest({ home: mail });
  await untilEvent(other, ({ data }) => data.draining);
  await writeDrainRequest({ home });
  await untilEvent(other, ({ data }) => data.name === 'default' && data.draining);

  const again = await followEvents(url, { 'last-event-id': id });
  expect(await again.next()).toMatchObject({ event: 'profile', data: { name: 'mail', draining: true } });
  const last = await again.next();
  expect(last).toMatchObject({ event: 'profile', data: { name: 'default', draining: true } });

  const upToDate = await followEvents(url, { 'last-event-id': last.id ?? '' });
  await clearDrainRequest({ home });
  expect(await upToDate.next()).toMatchObject({ event: 'profile', data: { name: 'default', draining: false } });
});

test.each(['', 'nonsense', '00000000-1', '1', `${'a'.repeat(8)}-99999999`])(
  'an id that is not of this run begins with a snapshot: %j',
  async (id) => {
    const { listen } = await testDashboard();
    const client = await followEvents(await listen(), { 'last-event-id': id });
    expect((await client.next()).event).toBe('snapshot');
  },
);

test('a reader above the limit gets 503 with Retry-After', async () => {
  const { ask, listen } = await testDashboard({ maxReaders: 1 });
  const client = await followEvents(await listen());
  await client.next();
  const refused = await ask({ url: '/api/events' });
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
  expect(problemOf(refused)).toMatchObject({ code: 'too-many-readers' });
});

test('whose credential is taken away hears no more', async () => {
  const { credentials, listen } = await testDashboard();
  const client = await followEvents(await listen());
  await client.next();
  credentials.replace([]);
  await client.ended();
});

test('a thousand readers all receive the events', async () => {
  const { home, listen, services } = await testDashboard();
  const url = await listen();
  const sockets = await Promise.all(Array.from({ length: 1_000 }, () => rawReader(url)));
  await eventually(() => expect(services.feed.size).toBe(1_000));
  const { request_id } = await writeDrainRequest({ home });
  await eventually(() => {
    expect(sockets.filter(({ text }) => text().includes(request_id))).toHaveLength(1_000);
  });
  for (const { socket } of sockets) socket.destroy();
  await eventually(() => expect(services.feed.size).toBe(0));
});

test.each([
  ['takes nothing for too long', { stallMs: 500 }],
  ['makes us hold too much', { maxBytes: 1_000 }],
])('one that reads nothing keeps at most one entry a profile, and is let go when it %s', async (_why, backlog) => {
  const { home, listen, services } = await testDashboard({ backlog });
  const url = await listen();
  const { socket } = await rawReader(url);
  socket.pause();
  await eventually(() => expect(services.feed.size).toBe(1));
  const closed = once(socket, 'close');
  let count = 0;
  while (services.feed.size > 0) {
    count += 1;
    const active_work = Array.from({ length: 20 }, (_, index) => bulkyTurn(`${count}-${index}`));
    await writeGatewayState(gatewayState({ active_agents: 20, active_work }), { home });
    services.volume.touch('default');
    expect(count).toBeLessThan(20_000);
  }
  socket.resume();
  await closed;
});

test('ends cleanly, for those who read and for those who do not', async () => {
  const { app, home, listen, services } = await testDashboard();
  const url = await listen();
  const reads = await followEvents(url);
  await reads.next();
  const deaf = await rawReader(url);
  deaf.socket.pause();
  await eventually(() => expect(services.feed.size).toBe(2));
  await writeDrainRequest({ home });
  const ended = reads.ended();
  await app.close();
  await ended;
  expect(services.feed.size).toBe(0);
});

type Client = Awaited<ReturnType<typeof followEvents>>;
type Seen = Awaited<ReturnType<Client['next']>>;

async function untilEvent(client: Client, isIt: (event: Seen) => boolean): Promise<Seen> {
  for (;;) {
    const event = await client.next();
    if (isIt(event)) return event;
  }
}

async function rawReader(url: string): Promise<{ socket: Socket; text: () => string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (words) => {
    text += words;
  });
  await once(socket, 'connect');
  socket.write(`GET /api/events HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`);
  return { socket, text: () => text };
}

function bulkyTurn(id: string) {
  const now = new Date().toISOString();
  const session = `${id}-${'x'.repeat(2_000)}`;
  return { id, kind: 'external', session, started_at: now, last_progress_at: now, stalled: false };
}
