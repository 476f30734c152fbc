import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failureOf } from '../model/failure.ts';
import { EMPTY, type Timeline, written } from '../model/timeline.ts';
import type { OutgoingMessage, TurnView } from '../model/wire.ts';
import { ApiError } from './api.ts';
import { Outbox } from './outbox.ts';
import { Store } from './store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const GONE = new ApiError(failureOf(null), 0);
const DRAINING = new ApiError(failureOf({ status: 503, code: 'draining' }), 503);
const DENIED = new ApiError(failureOf({ status: 401 }), 401);

/** An outbox whose gateway answers with these, one after the other; then it stores. */
function outboxWith(...answers: ApiError[]) {
  const sent: OutgoingMessage[] = [];
  const timeline = new Store<Timeline>(EMPTY);
  const end = new AbortController();
  const onUnauthorized = vi.fn();
  const onStored = vi.fn();
  const send = async (message: OutgoingMessage): Promise<TurnView> => {
    sent.push(message);
    const answer = answers.shift();
    if (answer) throw answer;
    return { turn_id: `turn of ${message.messageId}`, status: 'accepted' };
  };
  const outbox = new Outbox({ api: { send }, session: 's', timeline, signal: end.signal, onUnauthorized, onStored });
  const write = (messageId: string) => {
    timeline.set(written(timeline.read(), { messageId, text: messageId, pictures: [], at: '' }));
    return outbox.send();
  };
  const states = () => timeline.read().entries.map(({ key, state }) => `${key} ${state}`);
  return { sent, write, states, end, timeline, onUnauthorized, onStored };
}

test('a message is sent with the same id until it is stored, and the next one after it', async () => {
  const { sent, write, states, onStored } = outboxWith(GONE, GONE);
  const done = [write('m1'), write('m2')];
  await vi.runAllTimersAsync();
  await Promise.all(done);
  expect(sent.map(({ messageId }) => messageId)).toEqual(['m1', 'm1', 'm1', 'm2']);
  expect(states()).toEqual(['m1 waiting', 'm2 waiting']);
  expect(onStored).toHaveBeenCalledTimes(2);
});

test('a message that is refused stays, with the reason, and delays no other one', async () => {
  const { write, states, timeline } = outboxWith(DRAINING);
  await Promise.all([write('m1'), write('m2')]);
  expect(states()).toEqual(['m1 unsent', 'm2 waiting']);
  expect(timeline.read().entries[0]?.problem).toMatch(/draining/);
});

test('a gateway that does not come back is given up', async () => {
  const { sent, write, states } = outboxWith(...Array.from({ length: 40 }, () => GONE));
  const done = write('m1');
  await vi.runAllTimersAsync();
  await done;
  expect([sent.length, states()]).toEqual([31, ['m1 unsent']]);
});

test('a key that is no longer accepted ends it', async () => {
  const { write, states, onUnauthorized } = outboxWith(DENIED);
  await write('m1');
  expect(onUnauthorized).toHaveBeenCalledOnce();
  expect(states()).toEqual(['m1 unsent']);
});

test('nothing is sent after the end', async () => {
  const { sent, write, end } = outboxWith(GONE);
  const done = write('m1');
  end.abort();
  await vi.runAllTimersAsync();
  await done;
  expect(sent).toHaveLength(1);
});
