import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BotApiServer, drop, page, refuse, TOKEN } from '../../testing/bot-api-server.ts';
import { delivery, notice, reply } from '../../testing/deliveries.ts';
import { localServer } from '../../testing/local-server.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import { DeliveryError } from '../channel.ts';
import { TelegramChannel, type TelegramOptions } from './telegram-channel.ts';

let server: BotApiServer;

beforeEach(async () => {
  server = new BotApiServer();
  await server.listen();
});

function channel(options: Partial<TelegramOptions> = {}): TelegramChannel {
  const { log } = recordingLog();
  return new TelegramChannel({ token: TOKEN, tokenEnv: 'BOT_TOKEN', apiRoot: server.url, log, ...options });
}

const never = new AbortController().signal;

/** How a sending fails. */
async function failure(sent: Promise<void>): Promise<DeliveryError> {
  const error = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, found ${error}`);
  expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain(TOKEN);
  return error;
}

describe('a telegram channel', () => {
  it('carries the sessions of its chats', () => {
    const sessions = ['telegram:1', 'telegram:-100', 'telegram', 'x', 'x telegram:1'];
    expect(sessions.filter((session) => channel().carries(session))).toEqual(['telegram:1', 'telegram:-100']);
  });

  it('sends the Markdown of a reply as markup, and HTML in it as text', async () => {
    await channel().deliver(reply('telegram:12', '*a* **b** <i>c</i> [d](http://e) `f`'), never);
    expect(server.calls).toEqual([
      {
        method: 'sendMessage',
        payload: {
          chat_id: 12,
          text: '<i>a</i> <b>b</b> &lt;i&gt;c&lt;/i&gt; <a href="http://e">d</a> <code>f</code>',
          parse_mode: 'HTML',
          link_preview_options: { is_disabled: true },
        },
      },
    ]);
  });

  it('sends plain text without a parse mode, and all that is not written by an agent', async () => {
    await channel().deliver(reply('telegram:12', 'a < b & "c"'), never);
    await channel().deliver(notice('telegram:12', '**why**'), never);
    expect(server.said(12)).toEqual(['a < b & "c"', '**why**']);
    expect(server.calls.map(({ payload }) => payload.parse_mode)).toEqual([undefined, undefined]);
  });

  it('sends plain text when the server refuses the markup', async () => {
    server.faults.sendMessage = [refuse(400, "Bad Request: can't parse entities")];
    await channel().deliver(reply('telegram:1', '**b**'), never);
    expect(server.calls.map(({ payload }) => payload.text)).toEqual(['**b**']);
  });

  it('sends to the topic of its session', async () => {
    await channel().deliver(reply('telegram:-5:77', 'x'), never);
    expect(server.calls[0]?.payload).toMatchObject({ chat_id: -5, message_thread_id: 77 });
  });

  it('sends to the chat that a group has become, to which the session moves', async () => {
    const bot = channel({ allowedChats: [-5] });
    const moved: string[][] = [];
    onTestFinished(() => bot.stop(AbortSignal.abort()));
    bot.start(async () => undefined, {
      edited: async () => undefined,
      isStored: async () => false,
      moved: async (from, to) => void moved.push([from, to]),
    });
    const upgraded = 'Bad Request: group chat was upgraded to a supergroup chat';
    server.faults.sendMessage = [refuse(400, upgraded, { migrate_to_chat_id: -1005 })];
    await bot.deliver(reply('telegram:-5', 'x'), never);
    await bot.deliver(reply('telegram:-5', 'y', { seq: 2 }), never);
    await bot.deliver(reply('telegram:-1005', 'z', { seq: 3 }), never);
    expect(server.said(-1005)).toEqual(['x', 'y', 'z']);
    expect([server.said(-5), moved]).toEqual([[], [['telegram:-5', 'telegram:-1005']]]);
  });

  it.each<[what: string, event: Record<string, unknown>, text: string]>([
    [
      'the problem of a turn that failed',
      { type: 'turn', status: 'failed', problem: 'The agent ended.' },
      'The agent ended.',
    ],
    [
      'the problem rather than half a reply',
      { type: 'turn', status: 'interrupted', reply: 'ha', problem: 'Cut off.' },
      'Cut off.',
    ],
    ['a notice', { type: 'notice', notice: 'back', text: 'I am back.' }, 'I am back.'],
    ['something even for an empty reply', { type: 'turn', status: 'done', reply: ' \n' }, '(an empty answer)'],
    ['something even for no reply at all', { type: 'turn', status: 'failed' }, '(an empty answer)'],
  ])('sends %s', async (_what, event, text) => {
    await channel().deliver(delivery('telegram:-5', event), never);
    expect(server.said(-5)).toEqual([text]);
  });

  it('sends a huge text in pieces, in order', async () => {
    const words = Array.from({ length: 3_000 }, (_, n) => `word${n}`).join(' ');
    await channel().deliver(reply('telegram:1', words), never);
    const pieces = server.said(1) as string[];
    expect(pieces.length).toBe(Math.ceil(words.length / 4_096));
    expect(pieces.join(' ')).toBe(words);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(4_096);
  });

  it('does not send again the pieces that have arrived when a later one fails', async () => {
    const bot = channel();
    const long = reply('telegram:1', `${'a'.repeat(4_096)}${'b'.repeat(4_096)}${'c'.repeat(10)}`);
    server.faults.sendMessage = [undefined, refuse(500, 'Internal Server Error')];
    await failure(bot.deliver(long, never));
    await bot.deliver(long, never);
    expect((server.said(1) as string[]).map((text) => text[0])).toEqual(['a', 'b', 'c']);
    await bot.deliver(long, never);
    expect(server.said(1)).toHaveLength(6);
  });
});

describe('a message that does not arrive', () => {
  it.each([
    [refuse(429, 'Too Many Requests: retry after 7', { retry_after: 7 }), { permanent: false, retryAfterMs: 7_000 }],
    [
      refuse(403, 'Forbidden: bot was blocked by the user'),
      { permanent: true, message: expect.stringMatching(/^403 .*blocked/) },
    ],
    [
      refuse(400, 'Bad Request: chat not found'),
      { permanent: true, message: expect.stringMatching(/^400 .*not found/) },
    ],
    [refuse(401, 'Unauthorized'), { permanent: false }],
    [refuse(500, 'Internal Server Error'), { permanent: false, retryAfterMs: undefined }],
    [page, { permanent: false }],
    [drop, { permanent: false, message: expect.stringContaining('ECONNRESET') }],
  ])('fails as the server says (%#)', async (fault, expected) => {
    server.faults.sendMessage = [fault];
    expect(await failure(channel().deliver(notice('telegram:1', 'x'), never))).toMatchObject(expected);
  });

  it.each([302, 307])('because the server points elsewhere with a %d, where nothing is sent', async (status) => {
    let asked = 0;
    const elsewhere = await localServer((_request, response) => {
      asked += 1;
      response.end();
    });
    server.faults['sendMessage'] = [(response) => response.writeHead(status, { location: elsewhere.url }).end()];
    const error = await failure(channel().deliver(reply('telegram:1', 'for you alone'), never));
    expect([error.permanent, asked]).toEqual([false, 0]);
  });

  it('because the server is not there is worth another try', async () => {
    await server.close();
    const error = await failure(channel().deliver(notice('telegram:1', 'x'), never));
    expect(error).toMatchObject({ permanent: false, message: expect.stringContaining('ECONNREFUSED') });
  });

  it('is not waited for any longer than the caller does', async () => {
    const stopping = new AbortController();
    server.faults.sendMessage = [() => stopping.abort()];
    const error = await failure(channel().deliver(notice('telegram:1', 'x'), stopping.signal));
    expect(error.permanent).toBe(false);
  });

  it.each(['telegram:', 'telegram:x', 'telegram:1.5', 'telegram:1e3', 'telegram: 1', 'telegram:99999999999999999999'])(
    'fails for good when its session %j is not a chat',
    async (session) => {
      expect(await failure(channel().deliver(notice(session, 'x'), never))).toMatchObject({ permanent: true });
      expect(server.calls).toEqual([]);
    },
  );

  it('fails for good when its chat is not allowed', async () => {
    const bot = channel({ allowedChats: [1] });
    expect(await failure(bot.deliver(notice('telegram:2', 'x'), never))).toMatchObject({
      permanent: true,
      message: 'chat 2 is not in telegram.allowed_chats',
    });
    await bot.deliver(notice('telegram:1', 'x'), never);
    expect(server.said(1)).toEqual(['x']);
  });
});
