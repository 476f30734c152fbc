import { eventually } from '@hermes/test-kit/eventually';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BotApiServer, drop, refuse, TOKEN } from '../../testing/bot-api-server.ts';
import { recordingLog } from '../../testing/recording-log.ts';
import type { IncomingMessage, Receive } from '../channel.ts';
import { TelegramChannel } from './telegram-channel.ts';

const TIMES = { pollSeconds: 120, slackSeconds: 60, albumMs: 20, firstRetryMs: 10, lastRetryMs: 40 };
const CHAT = { id: 7, type: 'private' };
const photo = (id: string) => ({ photo: [{ file_id: 'small' }, { file_id: id, file_size: 3 }] });

let server: BotApiServer;
let messages: IncomingMessage[];
let edits: IncomingMessage[];
let moves: string[][];
let answerToEdits: string | undefined;

beforeEach(async () => {
  server = new BotApiServer();
  await server.listen();
  [messages, edits, moves, answerToEdits] = [[], [], [], undefined];
  for (const id of ['a', 'b', 'c']) server.files.set(id, Buffer.from(`${id}${id}${id}`));
});

const store: Receive = async (message) => void messages.push(message);

function startBot(receive: Receive = store) {
  const { log, lines } = recordingLog();
  const options = { token: TOKEN, tokenEnv: 'BOT_TOKEN', apiRoot: server.url, log, times: TIMES };
  const channel = new TelegramChannel(options);
  onTestFinished(() => channel.stop(AbortSignal.abort()));
  channel.start(receive, {
    edited: async (message) => {
      edits.push(message);
      return answerToEdits;
    },
    isStored: async (session, id) => messages.some((each) => each.session === session && each.messageId === id),
    moved: async (from, to) => void moves.push([from, to]),
  });
  return { channel, lines };
}

const image = (text: string) => ({
  type: 'image_url',
  image_url: { url: `data:image/jpeg;base64,${Buffer.from(text).toString('base64')}` },
});

describe('a message with a file', () => {
  it('has it as a part: a photo or an image as such, another document with its name', async () => {
    server.post(1, CHAT, { ...photo('a'), caption: 'what plant is this?' });
    server.post(2, CHAT, { document: { file_id: 'b', mime_type: 'application/pdf', file_name: 'b.pdf' } });
    server.post(3, CHAT, { document: { file_id: 'c', mime_type: 'image/jpeg', file_name: 'c.jpg' } });
    startBot();
    await eventually(() => expect(messages).toHaveLength(3));
    const url = `data:application/pdf;base64,${Buffer.from('bbb').toString('base64')}`;
    expect(messages).toMatchObject([
      { session: 'telegram:7', text: 'what plant is this?', messageId: '7:10', attachments: [image('aaa')] },
      { text: '', attachments: [{ type: 'file', file: { filename: 'b.pdf', file_data: url } }] },
      { text: '', attachments: [image('ccc')] },
    ]);
  });

  it.each<[what: string, content: object, answer: RegExp]>([
    [
      'says that it is too large',
      { document: { file_id: 'a', file_name: 'a.zip', file_size: 11_000_000 } },
      /a\.zip is too large: I take up to 10 MiB/,
    ],
    ['is larger than it says', { document: { file_id: 'huge', file_name: 'a.zip' } }, /a\.zip is too large/],
    ['is not there any more', photo('gone'), /The photo from Telegram|download The photo/],
  ])('that %s is not taken, which its sender learns', async (_what, content, answer) => {
    server.files.set('huge', Buffer.alloc(11_000_000));
    server.post(1, CHAT, content as Record<string, unknown>);
    server.message(2, 7, 'next');
    startBot();
    await eventually(() => expect(messages.map(({ text }) => text)).toEqual(['next']));
    await eventually(() => expect(server.said(7)).toEqual([expect.stringMatching(answer)]));
  });

  it('is tried again when the download fails, and given up when it keeps failing, without the token in the log', async () => {
    server.faults.file = [drop, refuse(502, 'Bad Gateway')];
    server.post(1, CHAT, photo('a'));
    const { lines } = startBot();
    await eventually(() => expect(messages).toMatchObject([{ attachments: [image('aaa')] }]));
    server.faults.file = Array.from({ length: 5 }, () => drop);
    server.post(2, CHAT, photo('b'));
    server.message(3, 7, 'next');
    await eventually(() => expect(messages.at(-1)?.text).toBe('next'));
    await eventually(() => expect(server.said(7)).toEqual([expect.stringMatching(/^I could not download/)]));
    expect(messages).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
  });
});

describe('an album', () => {
  const part = (id: string, more = {}) => ({ media_group_id: 'g', ...photo(id), ...more });

  it('is one message, also when its parts come later and others in between', async () => {
    server.post(1, CHAT, part('a', { caption: 'these' }));
    server.message(2, 8, 'other');
    server.post(3, CHAT, part('b'));
    let polls = 0;
    server.faults.getUpdates = [
      undefined,
      (response) => {
        polls += 1;
        server.post(4, CHAT, part('c'));
        refuse(500, 'again')(response);
      },
    ];
    startBot();
    await eventually(() => expect(messages).toHaveLength(2));
    expect(messages).toMatchObject([
      {
        text: '',
        messageId: '7:album:g',
        album: [
          { id: '7:10', text: 'these', attachments: [image('aaa')] },
          { id: '7:30', text: '', attachments: [image('bbb')] },
          { id: '7:40', text: '', attachments: [image('ccc')] },
        ],
      },
      { text: 'other' },
    ]);
    await eventually(() => expect([server.unconfirmed, polls]).toEqual([[], 1]));
  });

  it('is the same message after a crash in the middle of its updates', async () => {
    server.post(1, CHAT, part('a'));
    server.message(2, 8, 'other');
    server.post(3, CHAT, part('b'));
    const taken = Promise.withResolvers<void>();
    const first = startBot(async (message) => {
      messages.push(message);
      if (message.text === 'other') await taken.promise;
    });
    await eventually(() => expect(messages).toHaveLength(2));
    const stopped = first.channel.stop(AbortSignal.timeout(10_000));
    taken.resolve();
    await stopped;
    startBot();
    server.message(4, 8, 'next');
    await eventually(() => expect(messages.at(-1)?.text).toBe('next'));
    const ids = new Set(messages.map(({ messageId }) => messageId));
    expect(ids).toEqual(new Set(['7:album:g', '8:20', '8:40']));
  });

  it('is kept by the server as a whole while a message between its parts cannot be taken', async () => {
    server.post(1, CHAT, part('a'));
    server.message(2, 8, 'other');
    server.post(3, CHAT, part('b'));
    let isRefused = true;
    startBot(async (message) => {
      messages.push(message);
      if (message.text === 'other' && isRefused) throw new Error('not now');
      return undefined;
    });
    await eventually(() => expect(messages.length).toBeGreaterThan(3));
    isRefused = false;
    await eventually(() => expect(server.unconfirmed).toEqual([]));
    const albums = messages.filter(({ session }) => session === 'telegram:7');
    expect(new Set(albums.map(({ messageId, album }) => `${messageId} ${album?.length}`))).toEqual(
      new Set(['7:album:g 2']),
    );
  });

  it('has a part that comes late as a part of it, and an edit, too', async () => {
    server.post(1, CHAT, part('a'));
    startBot();
    await eventually(() => expect(messages).toHaveLength(1));
    server.post(2, CHAT, part('b'));
    const edited = { message_id: 20, date: 1, chat: CHAT, from: { id: 7 }, ...part('c', { caption: 'this' }) };
    server.update(3, { edited_message: edited });
    await eventually(() => expect(edits).toHaveLength(1));
    expect([...messages, ...edits]).toMatchObject([
      { messageId: '7:album:g', album: [{ id: '7:10', text: '', attachments: [image('aaa')] }] },
      { messageId: '7:album:g', album: [{ id: '7:20', text: '', attachments: [image('bbb')] }] },
      { messageId: '7:album:g', album: [{ id: '7:20', text: 'this', attachments: [image('ccc')] }] },
    ]);
  });
});

describe('an album in a group', () => {
  const group = { id: -5, type: 'group' };
  const part = (id: string, more = {}) => ({ media_group_id: 'g', ...photo(id), ...more });
  const mention = { caption: '@b_bot see', caption_entities: [{ type: 'mention', offset: 0, length: 6 }] };

  it('is for the bot as a whole, and a late part, too, if one of its parts is', async () => {
    server.post(1, group, part('a'));
    server.post(2, group, part('b', mention));
    server.post(3, group, { media_group_id: 'other', ...photo('c') });
    startBot();
    await eventually(() => expect(messages).toHaveLength(1));
    server.post(4, group, part('c'));
    await eventually(() => expect(messages).toHaveLength(2));
    expect(messages).toMatchObject([
      { messageId: '-5:album:g', album: [{ id: '-5:10' }, { id: '-5:20', text: 'see' }] },
      { messageId: '-5:album:g', album: [{ id: '-5:40', text: '', attachments: [image('ccc')] }] },
    ]);
  });
});

it('an edit and a move are reported as such', async () => {
  server.message(1, 7, 'good');
  server.update(2, { edited_message: { message_id: 10, date: 1, chat: CHAT, from: { id: 7 }, text: 'better' } });
  server.post(3, { id: -5, type: 'group' }, { migrate_to_chat_id: -1005 });
  server.post(4, { id: -1005, type: 'supergroup' }, { migrate_from_chat_id: -5 });
  server.message(5, 7, 'next');
  startBot();
  await eventually(() => expect(messages.map(({ text }) => text)).toEqual(['good', 'next']));
  expect(edits).toMatchObject([{ session: 'telegram:7', messageId: '7:10', text: 'better' }]);
  expect(moves).toEqual([
    ['telegram:-5', 'telegram:-1005'],
    ['telegram:-5', 'telegram:-1005'],
  ]);
});

it('a refused edit is answered in its topic, and the bot continues', async () => {
  answerToEdits = 'not now';
  const topic = { is_topic_message: true, message_thread_id: 5 };
  server.post(1, CHAT, { text: 'some', ...topic });
  server.update(2, {
    edited_message: { message_id: 10, date: 1, chat: CHAT, from: { id: 7 }, text: 'more', ...topic },
  });
  server.message(3, 7, 'next');
  startBot();
  await eventually(() => expect(messages.map(({ text }) => text)).toEqual(['some', 'next']));
  await eventually(() =>
    expect(server.callsOf('sendMessage').map(({ payload }) => payload)).toMatchObject([
      { chat_id: 7, message_thread_id: 5, text: 'not now' },
    ]),
  );
});
