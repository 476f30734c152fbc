import type { Receive } from '../channels/channel.ts';
import type { TurnEngine } from './engine.ts';

/**
 * The function to which a channel passes its messages. It throws when the channel must keep a message and send it
 * again.
 */
export function receiverOf(engine: Pick<TurnEngine, 'submit'>): Receive {
  return async (message) => {
    const submission = await engine.submit({ ...message, kind: 'external' });
    // During a drain, the sender has got a notice about the message.
    const isSettled = submission.kind !== 'refused' || submission.refusal.reason === 'draining';
    if (isSettled && submission.kind !== 'overloaded' && submission.kind !== 'unstored') return;
    throw new Error(`not now: ${submission.kind === 'refused' ? submission.refusal.reason : submission.kind}`);
  };
}
