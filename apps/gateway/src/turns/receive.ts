import type { ChannelEvents, ChannelMessagePart, IncomingMessage, Receive } from '../channels/channel.ts';
import type { Journal } from '../journal/journal.ts';
import { fromStorage } from '../journal/storage-error.ts';
import { partsOf, storedContent } from '../openai-wire/parts.ts';
import { albumId, isTooLarge, MAX_ALBUM_MIB, messagesOfAlbum, storedAlbum, withMessages } from './albums.ts';
import type { TurnEngine } from './engine.ts';
import type { Submission } from './submission.ts';
import type { Message, Turn } from './turn.ts';

/** What accepts messages: the engine, or what stands before it. */
export interface Inbox {
  submit(
    message: Message & { readonly bot?: string | undefined; readonly isFromChannel?: boolean },
  ): Promise<Submission>;
}

/** Why a message of a channel was not stored. */
export class NotReceivedError extends Error {
  readonly submission: Exclude<Submission, { kind: 'accepted' | 'queued' }>;

  constructor(submission: NotReceivedError['submission']) {
    super(`not now: ${submission.kind === 'refused' ? submission.refusal.reason : submission.kind}`);
    this.name = 'NotReceivedError';
    this.submission = submission;
  }
}

/**
 * The function to which a channel passes its messages. It throws a {@link NotReceivedError} when the channel must keep a
 * message and send it again.
 */
export function receiverOf(inbox: Inbox, journal: Pick<Journal, 'find' | 'findMessage'>): Receive {
  /** @returns the turn of the message if it came before. */
  const receive = async (message: IncomingMessage): Promise<Turn | undefined> => {
    const submission = await inbox.submit({ ...messageFrom(message), bot: message.bot, isFromChannel: true });
    if (submission.kind === 'accepted' || submission.kind === 'queued') {
      return submission.repeated ? submission.turn : undefined;
    }
    // During a drain, the sender has got a notice about the message.
    if (submission.kind === 'refused' && submission.refusal.reason === 'draining') return undefined;
    throw new NotReceivedError(submission);
  };
  return async (message) => {
    let album = message.album && (await withoutStored(message.session, message.album, journal));
    for (let index = 0; album?.length !== 0; index += 1) {
      const earlier = await receive({ ...message, album, messageId: albumId(message.messageId, index) });
      if (earlier === undefined || album === undefined) return;
      const text = earlier.hasText ? earlier.text : (await fromStorage(journal.find(earlier.id)))?.text;
      const stored = messagesOfAlbum(text ?? '');
      album = album.filter(({ id }) => !stored.has(id));
    }
  };
}

/** Earlier versions stored an album under the id of its first message, with a file of each. */
async function withoutStored(
  session: string,
  album: readonly ChannelMessagePart[],
  journal: Pick<Journal, 'findMessage'>,
): Promise<readonly ChannelMessagePart[]> {
  const record = await fromStorage(journal.findMessage(session, album[0]?.id ?? ''));
  const files = partsOf(record?.form, record?.text ?? '') ?? [];
  return album.slice(files.filter(({ type }) => type !== 'text').length);
}

/** What a channel reports besides new messages. */
export function channelEvents(
  engine: Pick<TurnEngine, 'revise'>,
  journal: Pick<Journal, 'findMessage' | 'moveSession'>,
): ChannelEvents {
  const revise = async (message: Message) =>
    (await engine.revise(message)) === 'overloaded' ? NO_ROOM_FOR_EDIT : undefined;

  /** In an album, and in what came of it later. */
  const reviseAlbum = async (session: string, id: string, album: readonly ChannelMessagePart[]) => {
    for (let index = 0; ; index += 1) {
      const messageId = albumId(id, index);
      const record = await fromStorage(journal.findMessage(session, messageId));
      if (record === undefined) return undefined;
      const content = withMessages(record.text, album);
      if (content === undefined) continue;
      if (isTooLarge(content.text, record.text)) return TOO_LARGE_EDIT;
      return revise({ session, messageId, kind: 'external', ...content });
    }
  };

  return {
    edited: (message) =>
      message.album ? reviseAlbum(message.session, message.messageId, message.album) : revise(messageFrom(message)),
    isStored: async (session, messageId) => (await fromStorage(journal.findMessage(session, messageId))) !== undefined,
    moved: (from, to) => fromStorage(journal.moveSession(from, to)),
  };
}

const NO_ROOM_FOR_EDIT =
  'I could not take your edit: the messages that wait take all the room there is. Yours stays as it was; edit it again later.';
const TOO_LARGE_EDIT = `I could not take your edit: the album would have more than ${MAX_ALBUM_MIB} MiB. It stays as it was.`;

function messageFrom({ session, messageId, album, text, attachments = [] }: IncomingMessage): Message {
  if (album) return { session, messageId, kind: 'external', ...storedAlbum(album) };
  const said = text === '' ? [] : [{ type: 'text' as const, text }];
  const content = attachments.length > 0 ? storedContent([...said, ...attachments]) : { text };
  return { session, messageId, ...content, kind: 'external' };
}
