import type { Receive } from '../channels/channel.ts';
import type { TurnEngine } from './engine.ts';

/** What a channel hands its messages to. It throws when the channel has to keep one, which then comes again. */
export function receiverOf(engine: Pick<TurnEngine, 'submit'>): Receive {
  return async (message) => {
    const submission = await engine.submit({ ...message, kind: 'external' });
    // Under a drain the sender has been told what becomes of the message.
    const isSettled = submission.kind !== 'refused' || submission.refusal.reason === 'draining';
    if (isSettled && submission.kind !== 'overloaded' && submission.kind !== 'unstored') return;
    throw new Error(`not now: ${submission.kind === 'refused' ? submission.refusal.reason : submission.kind}`);
  };
}
