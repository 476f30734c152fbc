import type { ChannelMessagePart } from '../channels/channel.ts';
import type { ContentPart, StoredContent } from '../openai-wire/parts.ts';

/** A part of the content, with the message of the chat system that it came with. */
type SourcedPart = ContentPart & { readonly source: string };

/** A part as it was read: a journal that others could write may hold anything. */
interface StoredPart {
  readonly source?: unknown;
}

/** The most that the messages of an album take in the journal after an edit. */
export const MAX_ALBUM_MIB = 16;

/** An album as it is stored: the content of each of its messages, in order. */
export function storedAlbum(messages: readonly ChannelMessagePart[]): StoredContent {
  return { text: JSON.stringify(messages.flatMap(sourcedParts)), form: 'parts' };
}

/** The ids of the messages of a stored album; none for any other message. */
export function messagesOfAlbum(text: string): ReadonlySet<unknown> {
  return new Set(partsIn(text).map(({ source }) => source));
}

/** A stored album in which these messages say something else; `undefined` if none of them is in it. */
export function withMessages(text: string, messages: readonly ChannelMessagePart[]): StoredContent | undefined {
  const stored = messagesOfAlbum(text);
  const edited = messages.filter(({ id }) => stored.has(id));
  if (edited.length === 0) return undefined;
  const parts = edited.reduce(replaced, partsIn(text));
  return { text: JSON.stringify(parts), form: 'parts' };
}

/** Whether an edit makes a stored album larger than albums may be. */
export function isTooLarge(text: string, before: string): boolean {
  return text.length > Math.max(before.length, MAX_ALBUM_MIB * 1_048_576);
}

/** The id of an album, and of what came of it later: these are messages of their own. @param index from 0. */
export function albumId(id: string, index: number): string {
  return index === 0 ? id : `${id}:${index + 1}`;
}

function replaced(parts: readonly StoredPart[], message: ChannelMessagePart): readonly StoredPart[] {
  const place = parts.findIndex(({ source }) => source === message.id);
  const behind = parts.slice(place).filter(({ source }) => source !== message.id);
  return [...parts.slice(0, place), ...sourcedParts(message), ...behind];
}

function sourcedParts({ id, text, attachments }: ChannelMessagePart): SourcedPart[] {
  const said: ContentPart[] = text === '' ? [] : [{ type: 'text', text }];
  return [...said, ...attachments].map((part) => ({ ...part, source: id }));
}

function partsIn(text: string): readonly StoredPart[] {
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) ? parts.filter((part) => typeof part === 'object' && part !== null) : [];
  } catch {
    return [];
  }
}
