import { temporaryDirectory } from '@hermes/test-kit';
import { eventually } from '@hermes/test-kit/eventually';
import { expect, it } from 'vitest';
import { Gateway } from '../gateway.ts';
import type { Delivery } from '../journal/delivery-store.ts';
import { openJournal } from '../testing/journals.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { ScriptedAgent } from '../testing/scripted-agent.ts';
import type { Channel, ChannelEvents, FollowedTurn, IncomingMessage, Receive } from './channel.ts';
import { ChannelHealth } from './channel-health.ts';

/** A chat system with threads, attachments, edits and typing indicators, in memory. */
class ChatChannel implements Channel {
  readonly name = 'chat';
  readonly health = new ChannelHealth('idle');
  readonly receives = true;
  readonly delivered: unknown[] = [];
  /** What people see of running turns: the session, and the reply so far. */
  readonly live: { session: string; text: string; isOver: boolean }[] = [];
  #receive: Receive | undefined;
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

  say(room: string, thread: string, id: string, message: Partial<IncomingMessage>): Promise<void> | undefined {
    return this.#receive?.({ session: `chat:${room}:${thread}`, messageId: id, text: '', ...message });
  }

  edit(room: string, thread: string, id: string, text: string): Promise<void> | undefined {
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
