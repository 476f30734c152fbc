import type { ChannelEvents, IncomingMessage, Receive } from '../channels/channel.ts';
import type { Journal } from '../journal/journal.ts';
import { partsOf, storedContent } from '../openai-wire/parts.ts';
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
export function receiverOf(inbox: Inbox, journal: Pick<Journal, 'find'>): Receive {
  return async (message) => {
    const submission = await inbox.submit({ ...messageFrom(message), bot: message.bot, isFromChannel: true });
    // During a drain, the sender has got a notice about the message.
    if (submission.kind === 'accepted' || submission.kind === 'queued') {
      return submission.repeated ? { attachments: await attachmentsOf(submission.turn, journal) } : undefined;
    }
    if (submission.kind === 'refused' && submission.refusal.reason === 'draining') return undefined;
    throw new NotReceivedError(submission);
  };
}

async function attachmentsOf(turn: Turn, journal: Pick<Journal, 'find'>): Promise<number> {
  const text = turn.hasText ? turn.text : (await journal.find(turn.id))?.text;
  return (partsOf(turn.message.form, text ?? '') ?? []).filter(({ type }) => type !== 'text').length;
}

/** What a channel reports besides new messages. */
export function channelEvents(
  engine: Pick<TurnEngine, 'revise'>,
  journal: Pick<Journal, 'moveSession'>,
): ChannelEvents {
  return {
    edited: async (message) =>
      (await engine.revise(messageFrom(message))) === 'overloaded' ? EDIT_REFUSED : undefined,
    moved: (from, to) => journal.moveSession(from, to),
  };
}

const EDIT_REFUSED =
  'I could not take your edit: the messages that wait take all the room there is. Yours stays as it was; edit it again later.';

function messageFrom({ session, messageId, text, attachments = [] }: IncomingMessage): Message {
  const said = text === '' ? [] : [{ type: 'text' as const, text }];
  const content = attachments.length > 0 ? storedContent([...said, ...attachments]) : { text };
  return { session, messageId, ...content, kind: 'external' };
}
