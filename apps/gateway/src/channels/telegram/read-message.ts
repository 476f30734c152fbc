import type { Message, MessageEntity, User } from 'grammy/types';
import type { Place } from './place.ts';

/** Which messages of groups are for the bot: those that address it, or all. */
export const GROUP_MESSAGES = ['addressed', 'all'] as const;
export type GroupMessages = (typeof GROUP_MESSAGES)[number];

/** A file that came with a message. */
export interface FileReference {
  readonly id: string;
  readonly bytes: number | undefined;
  readonly mimeType: string;
  /** `undefined` for a photo. */
  readonly name: string | undefined;
}

/** What a message is to the bot. */
export type ReadMessage =
  | { readonly kind: 'said'; readonly place: Place; readonly text: string; readonly file: FileReference | undefined }
  /** Its sender expects an answer, but there is nothing in it that the bot can read. */
  | { readonly kind: 'unreadable'; readonly place: Place }
  /** The group has become another chat. */
  | { readonly kind: 'moved'; readonly from: number; readonly to: number }
  | { readonly kind: 'ignored' };

export interface Bot extends Pick<User, 'id' | 'username'> {}

const IGNORED: ReadMessage = { kind: 'ignored' };

/** What people send besides text, photos and documents; all other messages are service messages. */
const UNREADABLE = [
  'sticker',
  'voice',
  'audio',
  'video',
  'video_note',
  'location',
  'venue',
  'contact',
  'poll',
  'dice',
  'story',
] as const satisfies (keyof Message)[];

export function readMessage(message: Message, bot: Bot, groups: GroupMessages): ReadMessage {
  const { chat, migrate_to_chat_id: movedTo, migrate_from_chat_id: movedFrom } = message;
  if (movedTo !== undefined) return { kind: 'moved', from: chat.id, to: movedTo };
  if (movedFrom !== undefined) return { kind: 'moved', from: movedFrom, to: chat.id };
  if (isByBot(message) || message.is_automatic_forward) return IGNORED;
  const isForBot = chat.type === 'private' || isAddressed(message, bot);
  const place = { chat: chat.id, topic: message.is_topic_message ? message.message_thread_id : undefined };
  const file = fileOf(message);
  const text = withoutMention(message, bot);
  if (text.trim() === '' && file === undefined) {
    const isContent = message.text !== undefined || UNREADABLE.some((kind) => message[kind] !== undefined);
    return isForBot && isContent ? { kind: 'unreadable', place } : IGNORED;
  }
  if (!isForBot && groups === 'addressed') return IGNORED;
  // The text is about something that the bot would not see.
  if (file === undefined && UNREADABLE.some((kind) => message[kind] !== undefined))
    return { kind: 'unreadable', place };
  return { kind: 'said', place, text, file };
}

/** Anonymous administrators write as a bot, in the name of the group. */
function isByBot({ from, sender_chat: sender, chat }: Message): boolean {
  return from?.is_bot === true && sender?.id !== chat.id;
}

function isAddressed(message: Message, bot: Bot): boolean {
  const { reply_to_message: replied } = message;
  // In a topic, each message is a reply to the message that created the topic.
  if (replied?.from?.id === bot.id && replied.forum_topic_created === undefined) return true;
  return entitiesOf(message).some(
    (entity) => isMention(entity, textOf(message), bot) || isCommand(entity, message, bot),
  );
}

function isMention(entity: MessageEntity, text: string, bot: Bot): boolean {
  if (entity.type === 'text_mention') return entity.user.id === bot.id;
  const name = text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
  return entity.type === 'mention' && bot.username !== undefined && name === `@${bot.username.toLowerCase()}`;
}

/** Only at the beginning; one with the name of another bot is not for this one. */
function isCommand({ type, offset, length }: MessageEntity, message: Message, bot: Bot): boolean {
  if (type !== 'bot_command' || offset !== 0) return false;
  const [, name] = textOf(message).slice(0, length).split('@');
  return name === undefined || name.toLowerCase() === bot.username?.toLowerCase();
}

/** A mention at the beginning is the address, not a part of what is said. */
function withoutMention(message: Message, bot: Bot): string {
  const text = textOf(message);
  const address = entitiesOf(message).find((entity) => entity.offset === 0 && isMention(entity, text, bot));
  return address === undefined ? text : text.slice(address.length).replace(/^[\s,:]+/, '');
}

function textOf({ text, caption }: Message): string {
  return text ?? caption ?? '';
}

function entitiesOf({ entities, caption_entities: ofCaption }: Message): readonly MessageEntity[] {
  return entities ?? ofCaption ?? [];
}

function fileOf({ photo, document }: Message): FileReference | undefined {
  if (document) {
    const { file_id: id, file_size: bytes, mime_type: mimeType = 'application/octet-stream', file_name } = document;
    return { id, bytes, mimeType, name: file_name ?? 'file' };
  }
  // The sizes of a photo, the largest last.
  const largest = photo?.at(-1);
  return largest && { id: largest.file_id, bytes: largest.file_size, mimeType: 'image/jpeg', name: undefined };
}
