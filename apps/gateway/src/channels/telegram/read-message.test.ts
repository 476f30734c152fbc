import type { Message } from 'grammy/types';
import { describe, expect, it } from 'vitest';
import { type GroupMessages, readMessage } from './read-message.ts';

const BOT = { id: 1, username: 'B_bot' };
const GROUP = { id: -9, type: 'supergroup', title: 'g' };

function read(content: object, groups: GroupMessages = 'addressed') {
  const message = { message_id: 1, date: 1, chat: GROUP, from: { id: 7, is_bot: false, first_name: 'P' }, ...content };
  return readMessage(message as unknown as Message, BOT, groups);
}

const mention = (text: string, name: string) => ({
  text,
  entities: [{ type: 'mention', offset: text.indexOf(name), length: name.length }],
});
const command = (text: string) => ({
  text,
  entities: [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]?.length }],
});
const replied = (id: number, more: object = {}) => ({
  reply_to_message: { message_id: 5, date: 1, chat: GROUP, from: { id }, ...more },
});

describe('a message in a group', () => {
  it.each<[what: string, content: object, text: string]>([
    ['mentions the bot', mention('what time is it @b_bot', '@b_bot'), 'what time is it @b_bot'],
    ['begins with a mention', mention('@B_BOT, what time is it', '@B_BOT'), 'what time is it'],
    [
      'mentions it by a link',
      { text: 'Bee hi', entities: [{ type: 'text_mention', offset: 0, length: 3, user: { id: 1 } }] },
      'hi',
    ],
    ['answers the bot', { text: 'and now', ...replied(1) }, 'and now'],
    ['is a command', command('/status'), '/status'],
    ['is a command to the bot', command('/status@b_bot now'), '/status@b_bot now'],
    [
      'mentions it in a caption',
      {
        caption: 'see @b_bot',
        caption_entities: [{ type: 'mention', offset: 4, length: 6 }],
        photo: [{ file_id: 'f' }],
      },
      'see @b_bot',
    ],
    [
      'is by an anonymous administrator',
      { ...command('/status'), from: { id: 1_087_968_824, is_bot: true }, sender_chat: GROUP },
      '/status',
    ],
  ])('that %s is for the bot', (_what, content, text) => {
    expect(read(content)).toMatchObject({ kind: 'said', place: { chat: -9 }, text });
  });

  it.each<[what: string, content: object]>([
    ['mentions another user', mention('@anna see you at five', '@anna')],
    ['answers another user', { text: 'yes', ...replied(8) }],
    ['is in a topic that the bot has created', { text: 'yes', ...replied(1, { forum_topic_created: {} }) }],
    ['is a command to another bot', command('/status@other_bot')],
    ['has a command in the middle', { text: 'try /x', entities: [{ type: 'bot_command', offset: 4, length: 2 }] }],
    ['is a sticker', { sticker: {} }],
    ['is by another bot', { ...mention('@b_bot hi', '@b_bot'), from: { id: 8, is_bot: true } }],
    ['is forwarded from the channel', { ...mention('@b_bot hi', '@b_bot'), is_automatic_forward: true }],
  ])('that %s is not', (_what, content) => {
    expect(read(content)).toEqual({ kind: 'ignored' });
  });

  it('is for the bot in any case if the configuration says so, unless it is by a bot', () => {
    expect(read({ text: 'hi' }, 'all')).toMatchObject({ kind: 'said', text: 'hi' });
    expect(read({ text: 'hi', from: { id: 8, is_bot: true } }, 'all')).toEqual({ kind: 'ignored' });
  });
});

describe('a message', () => {
  it('is in its topic, and outside of topics without the number of a thread', () => {
    const say = command('/x');
    expect(read({ ...say, is_topic_message: true, message_thread_id: 55 })).toMatchObject({
      place: { chat: -9, topic: 55 },
    });
    expect(read({ ...say, message_thread_id: 55 })).toMatchObject({ place: { chat: -9, topic: undefined } });
  });

  it.each([
    'new_chat_members',
    'left_chat_member',
    'pinned_message',
    'new_chat_title',
    'forum_topic_created',
    'message_auto_delete_timer_changed',
    'video_chat_started',
    'an_event_of_next_year',
  ])('of the service (%s) is ignored', (event) => {
    expect(read({ [event]: {}, chat: { id: 7, type: 'private' } }, 'all')).toEqual({ kind: 'ignored' });
  });

  it.each(['sticker', 'voice', 'video', 'location'])(
    'that is a %s cannot be read, with and without a caption',
    (kind) => {
      for (const caption of [undefined, 'see'])
        expect(read({ [kind]: {}, caption, chat: { id: 7, type: 'private' } })).toMatchObject({ kind: 'unreadable' });
    },
  );

  it('says that a group has become another chat', () => {
    expect(read({ migrate_to_chat_id: -1009 })).toEqual({ kind: 'moved', from: -9, to: -1009 });
    expect(read({ migrate_from_chat_id: -8 })).toEqual({ kind: 'moved', from: -8, to: -9 });
  });
});
