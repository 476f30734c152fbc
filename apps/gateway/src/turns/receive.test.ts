import { describe, expect, it } from 'vitest';
import { drainRequest } from '../testing/markers.ts';
import { receiverOf } from './receive.ts';
import type { Submission } from './submission.ts';
import { type Message, Turn } from './turn.ts';

const INCOMING = { session: 'mail:anna', text: 'hello', messageId: 'm1' };
const TURN = new Turn({ ...INCOMING, kind: 'external' });
const DRAINING = { reason: 'draining', request: drainRequest() } as const;

describe('an incoming message', () => {
  it.each<[what: string, submission: Submission, outcome: string]>([
    ['accepted', { kind: 'accepted', turn: TURN, repeated: false }, 'settled'],
    ['a repeated one', { kind: 'accepted', turn: TURN, repeated: true }, 'settled'],
    ['queued', { kind: 'queued', turn: TURN, repeated: false, refusal: DRAINING }, 'settled'],
    ['refused under a drain, with a notice to the sender', { kind: 'refused', refusal: DRAINING }, 'settled'],
    ['refused while starting', { kind: 'refused', refusal: { reason: 'starting' } }, 'not now: starting'],
    ['refused while stopping', { kind: 'refused', refusal: { reason: 'stopping' } }, 'not now: stopping'],
    ['one too many', { kind: 'overloaded', limit: 1, unit: 'turns' }, 'not now: overloaded'],
    ['not stored', { kind: 'unstored' }, 'not now: unstored'],
  ])('that is %s is for the channel to forget or to keep', async (_what, submission, outcome) => {
    const messages: Message[] = [];
    const submit = async (message: Message) => {
      messages.push(message);
      return submission;
    };
    const received = receiverOf(
      { submit },
      { find: async () => undefined, findMessage: async () => undefined },
    )(INCOMING).then(
      () => 'settled',
      (error: Error) => error.message,
    );
    expect(await received).toBe(outcome);
    expect(messages).toEqual([{ ...INCOMING, kind: 'external', isFromChannel: true }]);
  });
});
