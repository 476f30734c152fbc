import { describe, expect, it } from 'vitest';
import { openJournal } from '../testing/journals.ts';
import { drainRequest } from '../testing/markers.ts';
import { quietLog } from '../testing/quiet-log.ts';
import type { TurnEngine } from '../turns/engine.ts';
import type { Submission } from '../turns/submission.ts';
import { type Message, Turn } from '../turns/turn.ts';
import type { Channel, Receive } from './channel.ts';
import { Switchboard } from './switchboard.ts';

const INCOMING = { session: 'mail:anna', text: 'hello', messageId: 'm1' };
const TURN = new Turn({ ...INCOMING, kind: 'external' });
const DRAINING = { reason: 'draining', request: drainRequest() } as const;

/** A channel that tells the test how to hand in a message, and when it was stopped. */
function channelOf(name: string, stop: () => Promise<void> = async () => undefined) {
  const started = Promise.withResolvers<Receive>();
  const channel: Channel = {
    name,
    carries: () => true,
    deliver: async () => undefined,
    start: started.resolve,
    stop,
  };
  return { channel, started: started.promise };
}

/** A switchboard whose engine answers every message so. */
async function receiver(submission: Submission) {
  const messages: Message[] = [];
  const submit = async (message: Message) => {
    messages.push(message);
    return submission;
  };
  const { channel, started } = channelOf('mail');
  const switchboard = new Switchboard([channel], openJournal(), quietLog().log);
  switchboard.start({ submit } as unknown as TurnEngine);
  const receive = await started;
  const outcome = await receive(INCOMING).then(
    () => 'settled',
    (error: Error) => error.message,
  );
  await switchboard.close(AbortSignal.timeout(1_000));
  return { messages, outcome };
}

describe('an incoming message', () => {
  it.each<[what: string, submission: Submission, outcome: string]>([
    ['accepted', { kind: 'accepted', turn: TURN, repeated: false }, 'settled'],
    ['a repeated one', { kind: 'accepted', turn: TURN, repeated: true }, 'settled'],
    ['held', { kind: 'held', turn: TURN, repeated: false, refusal: DRAINING }, 'settled'],
    ['refused under a drain, of which the sender is told', { kind: 'refused', refusal: DRAINING }, 'settled'],
    ['refused while starting', { kind: 'refused', refusal: { reason: 'starting' } }, 'not now: starting'],
    ['refused while stopping', { kind: 'refused', refusal: { reason: 'stopping' } }, 'not now: stopping'],
    ['one too many', { kind: 'overloaded', limit: 1, unit: 'turns' }, 'not now: overloaded'],
    ['not stored', { kind: 'unstored' }, 'not now: unstored'],
  ])('that is %s is for the channel to forget or to keep', async (_what, submission, outcome) => {
    expect(await receiver(submission)).toEqual({ messages: [{ ...INCOMING, kind: 'external' }], outcome });
  });
});

describe('a Switchboard', () => {
  it('ends receiving on every channel, also when one of them fails to', async () => {
    const stopped: string[] = [];
    const failing = channelOf('a', async () => {
      throw new Error('no');
    });
    const other = channelOf('b', async () => void stopped.push('b'));
    const switchboard = new Switchboard([failing.channel, other.channel], openJournal(), quietLog().log);
    await expect(switchboard.stopReceiving(AbortSignal.timeout(1_000))).resolves.toBeUndefined();
    expect(stopped).toEqual(['b']);
  });

  it('has nothing to close without channels', async () => {
    const switchboard = new Switchboard([], openJournal(), quietLog().log);
    await expect(switchboard.close(AbortSignal.timeout(1_000))).resolves.toBeUndefined();
  });
});
