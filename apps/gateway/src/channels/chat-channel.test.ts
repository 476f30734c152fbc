import { createHmac, timingSafeEqual } from 'node:crypto';
import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { describe, expect, it } from 'vitest';
import { Gateway } from '../gateway.ts';
import type { Delivery } from '../journal/delivery-store.ts';
import { failingJournal } from '../testing/failing-journal.ts';
import { type HttpGatewayOptions, httpGateway } from '../testing/http-gateway.ts';
import { openJournal } from '../testing/journals.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import type {
  Channel,
  ChannelEvents,
  FollowedTurn,
  IncomingMessage,
  PushAnswer,
  PushRequest,
  PushTakers,
  Receive,
} from './channel.ts';
import { ChannelHealth } from './channel-health.ts';

const SECRET = 'the secret of the chat system';

function signatureOf(body: string | Buffer): string {
  return createHmac('sha256', SECRET).update(body).digest('hex');
}

/** A chat system with threads, attachments, edits and typing indicators, in memory. */
class ChatChannel implements Channel {
  readonly name = 'chat';
  readonly health = new ChannelHealth('idle');
  readonly receives = true;
  readonly delivered: unknown[] = [];
  /** What people see of running turns: the session, and the reply so far. */
  readonly live: { session: string; text: string; isOver: boolean }[] = [];
  /** The chat system pushes messages and edits, with a signature of the bytes. */
  readonly routes = [
    { method: 'POST', path: '/events', answer: (push: PushRequest, takers: PushTakers) => this.#pushed(push, takers) },
  ] as const;
  #receive: Receive = () => Promise.reject(new Error('not started'));
  #events: ChannelEvents | undefined;

  carries(session: string): boolean {
    return session.startsWith('chat:');
  }

  start(receive: Receive, events: ChannelEvents): void {
    this.#receive = receive;
    this.#events = events;
  }

  async stop(): Promise<void> {}

  async deliver({ session, event }: Delivery): Promise<void> {
    this.delivered.push([session, event.reply ?? event.problem]);
  }

  follow(turn: FollowedTurn): void {
    const seen = { session: turn.session, text: '', isOver: false };
    this.live.push(seen);
    void turn.whenOver.then(() => {
      seen.isOver = true;
    });
    void (async () => {
      for await (const piece of turn.chunks(new AbortController().signal)) seen.text += piece;
    })();
  }

  async #pushed({ headers, body }: PushRequest, { receive, events }: PushTakers): Promise<PushAnswer> {
    const expected = Buffer.from(signatureOf(body));
    const given = Buffer.from(String(headers['x-chat-signature']));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return { status: 401, body: 'the signature is wrong' };
    }
    const { room, thread, id, text, album, isEdit } = JSON.parse(body.toString());
    const message = { session: `chat:${room}:${thread}`, messageId: id, text, album };
    await (isEdit ? events.edited(message) : receive(message));
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'taken' };
  }

  say(room: string, thread: string, id: string, message: Partial<IncomingMessage>): Promise<void> {
    return this.#receive({ session: `chat:${room}:${thread}`, messageId: id, text: '', ...message });
  }

  edit(room: string, thread: string, id: string, text: string): Promise<string | undefined> | undefined {
    return this.#events?.edited({ session: `chat:${room}:${thread}`, messageId: id, text });
  }
}

it('a chat system has threads, attachments, edits and running turns by the interface of a channel alone', async () => {
  const [channel, agent, journal] = [new ChatChannel(), new ScriptedAgent({ accepts: ['image_url'] }), openJournal()];
  const times = { startedAt: 0, restartDrainTimeout: 30, stopTimeout: 51, turnTimeout: 600, stallAfter: 300 };
  const gateway = new Gateway({
    home: temporaryDirectory(),
    identity: { pid: process.pid, epoch: 'epoch', version: '0', ...times },
    agent,
    journal,
    channels: [channel],
    onDrain: 'refuse',
    log: quietLog().log,
  });
  await gateway.open();
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } } as const;
  await channel.say('room', '1', 'm1', { text: 'see', attachments: [image] });
  await channel.say('room', '1', 'm2', { text: 'wating' });
  await channel.say('room', '2', 'm1', { text: 'another thread' });
  await channel.edit('room', '1', 'm1', 'too late');
  await channel.edit('room', '1', 'm2', 'waiting');
  await eventually(() => expect(agent.calls).toHaveLength(2));
  expect(agent.call(0).request).toMatchObject({
    session: 'chat:room:1',
    text: 'see\n[image]',
    content: [{ type: 'text', text: 'see' }, image],
  });
  agent.call(0).say('A c');
  await eventually(() => expect(channel.live[0]).toEqual({ session: 'chat:room:1', text: 'A c', isOver: false }));
  agent.call(0).say('at.');
  agent.call(0).end();
  await eventually(() => expect(agent.asked).toEqual(['see\n[image]', 'another thread', 'waiting']));
  expect(channel.live[0]).toEqual({ session: 'chat:room:1', text: 'A cat.', isOver: true });
  for (const index of [1, 2]) agent.call(index).end();
  await eventually(() => expect(channel.delivered).toHaveLength(3));
  expect(channel.delivered[0]).toEqual(['chat:room:1', 'A cat.']);
  gateway.stop();
  await gateway.channelManager.close(AbortSignal.timeout(1_000));
  await gateway.close('closed', { at: '', signal: null, code: 0, reason: 'test', interrupted: 0 });
  await journal.close();
});

describe('a chat system that pushes its messages', () => {
  const message = (id: string, text: string) => ({ room: 'room', thread: '1', id, text });

  async function pushedGateway(options: HttpGatewayOptions = {}) {
    const channel = new ChatChannel();
    const stage = await httpGateway({ ...options, key: 'k'.repeat(43), channels: [channel] });
    const push = (content: unknown, headers: Record<string, string> = {}) => {
      const body = JSON.stringify(content);
      return fetch(`${stage.url}/v1/channels/chat/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-chat-signature': signatureOf(body), ...headers },
        body,
      });
    };
    return { ...stage, channel, push };
  }

  it('has routes of its channel: a signed message is stored once, then edited and answered', async () => {
    const { push, agent, channel } = await pushedGateway();
    const taken = await push(message('m1', 'hello'));
    expect([taken.status, await taken.text()]).toEqual([200, 'taken']);
    await push(message('m2', 'wating'));
    await push(message('m2', 'wating'));
    await push({ ...message('m2', 'waiting'), isEdit: true });
    await eventually(() => expect(agent.asked).toEqual(['hello']));
    agent.call(0).say('Hi.');
    agent.call(0).end();
    await eventually(() => expect(agent.asked).toEqual(['hello', 'waiting']));
    agent.call(1).end();
    await eventually(() => expect(channel.delivered).toHaveLength(2));
    expect(channel.delivered[0]).toEqual(['chat:room:1', 'Hi.']);
  });

  it('is not believed without its signature, nor listened to without end', async () => {
    const { push, url, agent } = await pushedGateway();
    const strange = await push(message('m1', 'hello'), { 'x-chat-signature': 'f'.repeat(64) });
    expect([strange.status, await strange.text()]).toEqual([401, 'the signature is wrong']);
    expect((await push(message('m2', 'x'.repeat(1_100_000)))).status).toBe(413);
    expect((await fetch(`${url}/v1/channels/chat/other`, { method: 'POST' })).status).toBe(404);
    expect(agent.calls).toEqual([]);
  });

  it('is told in words to push again while the gateway starts and stops, and while nothing can be stored', async () => {
    const failing = failingJournal();
    const { push, gateway, agent } = await pushedGateway({ open: false, journal: failing.journal });
    const refused = async (code: string, id = 'm1') => {
      const answer = await push(message(id, 'hello'));
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
      expect(await answer.json()).toMatchObject({ code, detail: expect.stringContaining('not stored') });
    };
    await refused('starting');
    await gateway.open();
    failing.trouble.failures.set('accept', 1);
    await refused('storage-unavailable');
    failing.trouble.failures.set('findMessage', 1);
    const album = await push({ ...message('g', ''), album: [{ id: 'm3', text: 'one', attachments: [] }] });
    expect([album.status, await album.json()]).toMatchObject([503, { code: 'storage-unavailable' }]);
    await eventually(async () => expect((await push(message('m1', 'hello'))).status).toBe(200));
    await eventually(() => expect(agent.asked).toEqual(['hello']));
    gateway.stop();
    await refused('stopping', 'm2');
  });

  it('has done its part during a drain: the sender gets the notice', async () => {
    const { push, drain, agent, channel } = await pushedGateway();
    await drain('update');
    expect((await push(message('m1', 'hello'))).status).toBe(200);
    await eventually(() => expect(channel.delivered).toHaveLength(1));
    expect(agent.calls).toEqual([]);
  });
});
