import { setImmediate } from 'node:timers/promises';
import { eventually } from '@hermes/test-kit/eventually';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BotApiServer, drop, hang, page, refuse, TOKEN } from '../../testing/bot-api-server.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import type { IncomingMessage, Receive } from '../channel.ts';
import { TelegramChannel, type TelegramOptions } from './telegram-channel.ts';

let server: BotApiServer;
let messages: IncomingMessage[];

beforeEach(async () => {
  server = new BotApiServer();
  await server.listen();
  messages = [];
});

const store: Receive = async (message) => void messages.push(message);
const TIMES = { pollSeconds: 120, slackSeconds: 60, albumMs: 20, firstRetryMs: 10, lastRetryMs: 40 };

/** A channel that receives until the test has finished. */
function startBot(receive: Receive = store, options: Partial<TelegramOptions> = {}) {
  const { log, lines } = recordingLog();
  const channel = new TelegramChannel({
    token: TOKEN,
    tokenEnv: 'BOT_TOKEN',
    apiRoot: server.url,
    log,
    times: TIMES,
    ...options,
  });
  onTestFinished(() => channel.stop(AbortSignal.abort()));
  channel.start(receive);
  return { channel, lines, said: (level: string) => lines.filter((line) => line.level === level) };
}

const until = (holds: () => void) => eventually(holds);
const untilReceived = (...texts: string[]) => until(() => expect(messages.map(({ text }) => text)).toEqual(texts));

describe('a bot', () => {
  it('makes a message of each text, in order, and confirms each', async () => {
    server.message(1, 123, 'before');
    startBot();
    await untilReceived('before');
    server.message(2, -100, 'after');
    await untilReceived('before', 'after');
    expect(messages).toEqual([
      { session: 'telegram:123', text: 'before', attachments: [], messageId: '123:10', bot: 'b_bot' },
      { session: 'telegram:-100', text: 'after', attachments: [], messageId: '-100:20', bot: 'b_bot' },
    ]);
    await until(() => expect(server.unconfirmed).toEqual([]));
    expect(server.offsets()).toEqual([0, 2, 3]);
  });

  it('says once who it is', async () => {
    server.message(1, 1, 'a');
    const { lines } = startBot();
    await untilReceived('a');
    expect(lines).toEqual([{ channel: 'telegram', level: 'info', bot: 'b_bot', msg: 'the bot accepts messages' }]);
  });

  it('answers messages without text, and continues', async () => {
    server.update(1, { message: { message_id: 1, date: 1, chat: { id: 7, type: 'private' }, sticker: {} } });
    server.update(2, { edited_message: { message_id: 1, date: 1, chat: { id: 7, type: 'private' }, text: 'edited' } });
    server.message(3, 7, 'a');
    startBot();
    await untilReceived('a');
    await until(() =>
      expect(server.said(7)).toEqual([
        'I can read text, photos and documents only. Please send your message as one of these.',
      ]),
    );
    expect(messages).toHaveLength(1);
  });

  it('continues when that answer cannot be sent', async () => {
    server.faults.sendMessage = [refuse(403, 'Forbidden: bot was blocked by the user')];
    server.update(1, { message: { message_id: 1, date: 1, chat: { id: 7, type: 'private' }, voice: {} } });
    server.message(2, 7, 'a');
    const { said } = startBot();
    await untilReceived('a');
    await until(() => expect(said('warn')).toMatchObject([{ chat: 7, reason: expect.stringContaining('blocked') }]));
  });

  it('ignores chats that are not allowed', async () => {
    server.message(1, 8, 'stranger');
    server.update(2, { message: { message_id: 2, date: 1, chat: { id: 8, type: 'private' }, sticker: {} } });
    server.message(3, 7, 'friend');
    startBot(store, { allowedChats: [7] });
    await untilReceived('friend');
    await until(() => expect(server.unconfirmed).toEqual([]));
    expect(server.said(8)).toEqual([]);
  });
});

describe('a message', () => {
  it('is not confirmed before it has been taken', async () => {
    const taken = Promise.withResolvers<void>();
    for (const id of [1, 2]) server.message(id, 1, `${id}`);
    startBot(async (message) => {
      messages.push(message);
      await taken.promise;
    });
    await untilReceived('1');
    expect([server.unconfirmed, server.offsets()]).toEqual([[1, 2], [0]]);
    taken.resolve();
    await until(() => expect(server.unconfirmed).toEqual([]));
  });

  it('comes again to the next bot when the first one died before it had taken it', async () => {
    for (const id of [1, 2, 3]) server.message(id, 1, `${id}`);
    // It takes the first one, and then hangs for good, as a process that is gone.
    const first = startBot(async (message) => {
      messages.push(message);
      if (message.text === '2') await new Promise(() => undefined);
    });
    await untilReceived('1', '2');
    await first.channel.stop(AbortSignal.abort());
    messages = [];
    startBot();
    await untilReceived('1', '2', '3');
    expect(messages.map(({ messageId }) => messageId)).toEqual(['1:10', '1:20', '1:30']);
  });

  it('that cannot be taken is tried again, before those behind it', async () => {
    let failures = 3;
    for (const id of [1, 2, 3]) server.message(id, 1, `${id}`);
    const { said } = startBot(async (message) => {
      if (message.text === '2' && failures-- > 0) throw new Error('disk full');
      messages.push(message);
    });
    await untilReceived('1', '2', '3');
    await until(() => expect(server.unconfirmed).toEqual([]));
    expect(said('warn')).toHaveLength(3);
    expect(said('warn')[0]).toMatchObject({ reason: 'Error: disk full' });
  });
});

describe('a server in trouble', () => {
  it.each([
    ['is busy', refuse(429, 'Too Many Requests: retry after 1', { retry_after: 0.02 })],
    ['fails', refuse(500, 'Internal Server Error')],
    ['has another bot on the line', refuse(409, 'Conflict: terminated by other getUpdates request')],
    ['shows a page', page],
    ['drops the connection', drop],
  ])('that %s is asked again', async (_what, fault) => {
    server.faults.getMe = [fault];
    server.faults.getUpdates = [fault, fault];
    server.message(1, 1, 'a');
    const { said, lines } = startBot();
    await untilReceived('a');
    expect(said('warn')).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
  });

  it('that has another bot on the line is a fault of the channel until it answers again', async () => {
    server.faults.getUpdates = [refuse(409, 'Conflict: terminated by other getUpdates request')];
    const { channel } = startBot();
    expect(channel.health.state).toBe('connecting');
    await until(() =>
      expect(channel.health.problem).toMatch(/^another program receives the messages of this bot: stop it/),
    );
    expect(channel.health.state).toBe('failing');
    server.message(1, 1, 'a');
    await untilReceived('a');
    await until(() => expect([channel.health.state, channel.health.problem]).toEqual(['connected', null]));
  });

  it('that never answers is asked again', async () => {
    server.faults.getUpdates = [hang];
    server.message(1, 1, 'a');
    startBot(store, { times: { ...TIMES, pollSeconds: 0.05, slackSeconds: 0.05 } });
    await untilReceived('a');
  });

  it('is asked no sooner than it wants', async () => {
    server.faults.getUpdates = [refuse(429, 'Too Many Requests: retry after 1', { retry_after: 0.3 })];
    server.message(1, 1, 'a');
    const before = performance.now();
    startBot();
    await untilReceived('a');
    expect(performance.now() - before).toBeGreaterThanOrEqual(299);
  });

  it('that is down at the start does not delay the start, and is used as soon as it is up', async () => {
    await server.close();
    const { said } = startBot();
    await until(() => expect(said('warn').length).toBeGreaterThan(1));
    expect(said('warn')[0]).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
    server.message(1, 1, 'a');
    await server.listen();
    await untilReceived('a');
  });

  it('that rejects the token is logged once, with what to do, and retried', async () => {
    const token = '1:not-this-one';
    const { channel, said, lines } = startBot(store, { token });
    await until(() => expect(server.strangers).toBeGreaterThan(3));
    expect(channel.health).toMatchObject({ state: 'rejected', problem: expect.stringContaining('BOT_TOKEN') });
    expect(said('error')).toMatchObject([
      {
        reason: '401 Unauthorized',
        msg: expect.stringMatching(/token in BOT_TOKEN is rejected by the server: .*@BotFather/),
      },
    ]);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain(token);
  });
});

describe('stop', () => {
  it('ends a long poll at once', async () => {
    const { channel } = startBot();
    await until(() => expect(server.offsets()).toEqual([0]));
    await channel.stop(AbortSignal.timeout(600_000));
  });

  it('lets the server know what has been taken', async () => {
    const taken = Promise.withResolvers<void>();
    for (const id of [1, 2]) server.message(id, 1, `${id}`);
    const { channel } = startBot(async (message) => {
      messages.push(message);
      await taken.promise;
    });
    await untilReceived('1');
    const stopped = channel.stop(AbortSignal.timeout(10_000));
    taken.resolve();
    await stopped;
    expect(server.unconfirmed).toEqual([2]);
    expect(messages).toHaveLength(1);
  });

  it.each<[what: string, receive: Receive, fault: typeof hang]>([
    ['a message is taken for ever', () => new Promise(() => undefined), hang],
    ['the last word to the server is never answered', store, hang],
  ])('keeps its bound when %s', async (_what, receive, fault) => {
    server.message(1, 1, 'a');
    const taking = vi.fn(receive);
    const { channel } = startBot(async (message) => {
      server.faults.getUpdates = [fault, fault];
      await taking(message);
    });
    await until(() => expect(taking).toHaveBeenCalled());
    await channel.stop(AbortSignal.timeout(100));
  });

  it('does not wait for the next try', async () => {
    await server.close();
    const { channel, said } = startBot(store, { times: { ...TIMES, firstRetryMs: 600_000, lastRetryMs: 600_000 } });
    await until(() => expect(said('warn')).toHaveLength(1));
    await channel.stop(AbortSignal.timeout(600_000));
  });

  it('ends a bot that was never started', async () => {
    const { log } = recordingLog();
    const idle = new TelegramChannel({ token: TOKEN, tokenEnv: 'BOT_TOKEN', apiRoot: server.url, log });
    await idle.stop(AbortSignal.timeout(10_000));
    expect(server.calls).toEqual([]);
  });
});

it('a bot that is started again while a message of before is being taken does not receive twice from then on', async () => {
  const taken = Promise.withResolvers<void>();
  server.message(1, 7, 'slow');
  server.message(2, 7, 'behind it');
  const { channel } = startBot(async (message) => {
    messages.push(message);
    await taken.promise;
  });
  await untilReceived('slow');
  await channel.stop(AbortSignal.abort());
  server.faults.getUpdates = [hang];
  channel.start(store);
  taken.resolve();
  // Longer than the way to the next message takes.
  await setImmediate();
  expect(messages.map(({ text }) => text)).toEqual(['slow']);
});
