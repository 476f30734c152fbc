import type { Receive } from '../channels/channel.ts';
import type { Submission } from './submission.ts';
import type { Message } from './turn.ts';

/** What accepts messages: the engine, or what stands before it. */
export interface Inbox {
  submit(
    message: Message & { readonly bot?: string | undefined; readonly isFromChannel?: boolean },
  ): Promise<Submission>;
}

/**
 * The function to which a channel passes its messages. It throws when the channel must keep a message and send it
 * again.
 */
export function receiverOf(inbox: Inbox): Receive {
  return async (message) => {
    const submission = await inbox.submit({ ...message, kind: 'external', isFromChannel: true });
    // During a drain, the sender has got a notice about the message.
    const isSettled = submission.kind !== 'refused' || submission.refusal.reason === 'draining';
    if (isSettled && submission.kind !== 'overloaded' && submission.kind !== 'unstored') return;
    throw new Error(`not now: ${submission.kind === 'refused' ? submission.refusal.reason : submission.kind}`);
  };
}
