import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { eventually } from '@hermes/test-kit/eventually';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { BotApiServer, refuse, TOKEN } from '../../testing/bot-api-server.ts';
import { reply } from '../../testing/deliveries.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import { Turn } from '../../turns/turn.ts';
import { TelegramChannel, type TelegramOptions } from './telegram-channel.ts';

let server: BotApiServer;
const never = new AbortController().signal;

beforeEach(async () => {
  server = new BotApiServer();
  await server.listen();
});

/** A bot that shows a running turn in a topic. */
function showing(options: Partial<TelegramOptions> = {}) {
  const { log } = recordingLog();
  const liveTimes = { typingMs: 10, firstMs: 10, editMs: 10 };
  const bot = new TelegramChannel({ token: TOKEN, tokenEnv: 'BOT', apiRoot: server.url, log, liveTimes, ...options });
  onTestFinished(() => bot.stop(AbortSignal.abort()));
  bot.start(async () => undefined);
  const turn = new Turn({
    session: 'telegram:-5:77',
    kind: 'external',
    messageId: undefined,
    form: undefined,
    conversation: 'exchange',
    text: 'x',
  });
  turn.start(1);
  const { id, whenOver } = turn;
  bot.follow({ id, session: turn.message.session, whenOver, chunks: (signal) => turn.chunks(signal) });
  const end = async (text: string) => {
    turn.settle({ status: 'done', reply: text, problem: null, endedAt: 2 });
    const { event, ...delivery } = reply('telegram:-5:77', text);
    await bot.deliver({ ...delivery, event: { ...event, turn_id: id } }, never);
  };
  return { bot, turn, end };
}

const shown = () =>
  server.callsOf('sendMessage', 'editMessageText').map(({ method, payload }) => [method, payload.text]);

it('a chat sees that the bot is typing while a turn runs, and its reply as it grows in one message', async () => {
  const { turn, end } = showing();
  await eventually(() => expect(server.callsOf('sendChatAction').length).toBeGreaterThan(1));
  expect(server.callsOf('sendChatAction')[0]?.payload).toEqual({
    chat_id: -5,
    message_thread_id: 77,
    action: 'typing',
  });
  turn.append('**One');
  await eventually(() => expect(shown()).toEqual([['sendMessage', '**One …']]));
  turn.append(' two**');
  await eventually(() => expect(shown().at(-1)).toEqual(['editMessageText', '**One two** …']));
  await end('**One two**');
  expect(shown().slice(-1)).toEqual([['editMessageText', '<b>One two</b>']]);
  expect(server.callsOf('sendMessage')).toHaveLength(1);
  expect(new Set(server.callsOf('editMessageText').map(({ payload }) => payload.message_id))).toEqual(new Set([1_001]));
  const calls = server.callsOf('sendChatAction').length;
  await end('again');
  expect(server.callsOf('sendChatAction')).toHaveLength(calls);
});

it('a message that is being sent when the turn ends is edited, and not sent a second time', async () => {
  const { turn, end } = showing();
  const typing = Promise.withResolvers<ServerResponse>();
  const sending = Promise.withResolvers<ServerResponse>();
  server.faults.sendChatAction = [typing.resolve];
  server.faults.sendMessage = [sending.resolve];
  turn.append('a');
  const [typed, sent] = await Promise.all([typing.promise, sending.promise]);
  const ended = end('a b');
  await once(typed, 'close');
  sent.end(JSON.stringify({ ok: true, result: { message_id: 1_500 } }));
  await ended;
  expect(shown()).toEqual([['editMessageText', 'a b']]);
  expect(server.callsOf('editMessageText')[0]?.payload).toMatchObject({ message_id: 1_500 });
});

it('a long reply continues in further messages', async () => {
  const { turn, end } = showing();
  turn.append('a');
  await eventually(() => expect(shown()).toHaveLength(1));
  await end(`a${'b '.repeat(3_000)}c`);
  expect(shown().map(([method]) => method)).toEqual(['sendMessage', 'editMessageText', 'sendMessage']);
});

it('a reply is sent anew when its message was deleted, and whole when it was not shown', async () => {
  const { turn, end } = showing();
  turn.append('a');
  await eventually(() => expect(shown()).toHaveLength(1));
  server.faults.editMessageText = [refuse(400, 'Bad Request: message to edit not found')];
  await end('**a**');
  expect(shown().at(-1)).toEqual(['sendMessage', '<b>a</b>']);
  const quick = showing({ streams: false });
  quick.turn.append('b');
  await eventually(() => expect(server.callsOf('sendChatAction').length).toBeGreaterThan(2));
  await quick.end('b');
  expect(shown().at(-1)).toEqual(['sendMessage', 'b']);
});

it('a server that wants to be left alone gets no edits meanwhile, and the whole reply at the end', async () => {
  const { turn, end } = showing();
  server.faults.sendMessage = [refuse(429, 'Too Many Requests: retry after 600', { retry_after: 600 })];
  turn.append('a');
  await eventually(() => expect(server.faults.sendMessage).toEqual([]));
  await end('a b');
  expect(shown()).toEqual([['sendMessage', 'a b']]);
});

it('a chat that has blocked the bot sees nothing, and the turn continues', async () => {
  const { turn, end } = showing();
  const blocked = refuse(403, 'Forbidden: bot was blocked by the user');
  server.faults.sendMessage = [blocked, blocked];
  turn.append('a');
  await eventually(() => expect(server.faults.sendMessage).toHaveLength(1));
  await expect(end('a')).rejects.toMatchObject({ permanent: true });
});
