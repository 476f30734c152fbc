import type { EventSourceMessage } from 'eventsource-parser';
import { expect, onTestFinished, test, vi } from 'vitest';
import { failureOf } from '../model/failure.ts';
import type { HistoryPage, TurnView } from '../model/wire.ts';
import { historyPage, pastTurn } from '../testing.ts';
import { ApiError } from './api.ts';
import { Conversation } from './conversation.ts';

/** A stream of events that a test fills. */
class Stream {
  readonly #waiting: EventSourceMessage[] = [];
  #news = Promise.withResolvers<void>();
  #isOver = false;

  push(event: string, data: object, id?: string): void {
    this.#waiting.push({ event, data: JSON.stringify(data), id });
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *read(signal: AbortSignal): AsyncGenerator<EventSourceMessage> {
    signal.addEventListener('abort', () => this.end(), { once: true });
    for (;;) {
      yield* this.#waiting.splice(0);
      if (this.#isOver) return;
      await this.#news.promise;
      this.#news = Promise.withResolvers();
    }
  }

  #wake(): void {
    this.#news.resolve();
  }
}

/** A conversation with a gateway that a test plays. */
function conversationWith(...pages: HistoryPage[]) {
  const events: { readonly from: string; readonly stream: Stream }[] = [];
  const turns: { readonly id: string; readonly stream: Stream }[] = [];
  const api = {
    send: async (): Promise<TurnView> => ({ turn_id: 'new', status: 'running' }),
    stop: vi.fn(async (): Promise<TurnView> => ({ turn_id: 'turn-1', status: 'interrupted', problem: 'stopped' })),
    history: vi.fn(async () => (pages.length > 1 ? pages.shift() : pages[0]) as HistoryPage),
    events: async (_session: string, from: string, signal: AbortSignal) => {
      const stream = new Stream();
      events.push({ from, stream });
      return stream.read(signal);
    },
    turn: async (id: string, signal: AbortSignal) => {
      const stream = new Stream();
      turns.push({ id, stream });
      return stream.read(signal);
    },
  };
  const onNotice = vi.fn();
  const parts = { api, session: 's', newId: () => 'm1', onUnauthorized: vi.fn(), onNotice };
  const conversation = new Conversation(parts);
  onTestFinished(() => conversation.close());
  const entries = () => conversation.timeline.read().entries.map(({ key, state, reply }) => `${key} ${state} ${reply}`);
  const shows = (...expected: string[]) => expect.poll(entries).toEqual(expected);
  return { conversation, api, events, turns, onNotice, shows };
}

test('it shows the history, the growing reply of the running turn, and its end by the events of the session', async () => {
  const running = pastTurn(2, { status: 'running', reply: '' });
  const { conversation, events, turns, shows } = conversationWith(historyPage([pastTurn(1), running]));
  conversation.resume();
  await shows('turn-1 done reply 1', 'turn-2 running ');
  await expect.poll(() => turns.map(({ id }) => id)).toEqual(['turn-2']);
  turns[0]?.stream.push('turn', { turn_id: 'turn-2', status: 'running' });
  turns[0]?.stream.push('delta', { text: 'rep' });
  await shows('turn-1 done reply 1', 'turn-2 running rep');
  await expect.poll(() => events).toHaveLength(1);
  events[0]?.stream.push('turn', { turn_id: 'turn-2', status: 'done', reply: 'reply 2' }, 'aaaaaaaaaaaa-8');
  await shows('turn-1 done reply 1', 'turn-2 done reply 2');
  expect(conversation.link.read()).toBe('live');
});

test('it resumes after the last event that it has', async () => {
  const { conversation, events, shows } = conversationWith(
    historyPage([pastTurn(1, { status: 'running', reply: '' })]),
  );
  conversation.resume();
  await expect.poll(() => events.map(({ from }) => from)).toEqual(['aaaaaaaaaaaa-7']);
  events[0]?.stream.push('turn', { turn_id: 'turn-1', status: 'done', reply: 'whole' }, 'aaaaaaaaaaaa-9');
  await shows('turn-1 done whole');
  events[0]?.stream.end();
  await expect.poll(() => conversation.link.read()).toBe('lost');
  await expect.poll(() => events.map(({ from }) => from)).toEqual(['aaaaaaaaaaaa-7', 'aaaaaaaaaaaa-9']);
  await expect.poll(() => conversation.link.read()).toBe('live');
});

test('the turn of another client is read from the history', async () => {
  const { conversation, api, events, shows } = conversationWith(historyPage([]), historyPage([pastTurn(5)]));
  conversation.resume();
  await expect.poll(() => events).toHaveLength(1);
  events[0]?.stream.push('turn', { turn_id: 'turn-5', status: 'done', reply: 'reply 5' }, 'aaaaaaaaaaaa-8');
  await shows('turn-5 done reply 5');
  expect(api.history).toHaveBeenCalledTimes(2);
});

test('an event whose turn cannot be read comes again', async () => {
  const { conversation, api, events, shows } = conversationWith(historyPage([]), historyPage([pastTurn(5)]));
  conversation.resume();
  await expect.poll(() => events).toHaveLength(1);
  api.history.mockRejectedValueOnce(new ApiError(failureOf(null), 0));
  events[0]?.stream.push('turn', { turn_id: 'turn-5', status: 'done', reply: 'reply 5' }, 'aaaaaaaaaaaa-8');
  await shows('turn-5 done reply 5');
  await expect.poll(() => events.map(({ from }) => from)).toEqual(['aaaaaaaaaaaa-7', 'aaaaaaaaaaaa-7']);
});

test('another journal replaces what is shown', async () => {
  const { conversation, events, shows } = conversationWith(historyPage([pastTurn(1)]), historyPage([pastTurn(9)]));
  conversation.resume();
  await expect.poll(() => events).toHaveLength(1);
  events[0]?.stream.push('reset', { text: '' }, 'bbbbbbbbbbbb-0');
  await shows('turn-9 done reply 9');
});

test('a notice is shown, except that a drain began, which the page says by itself', async () => {
  const { conversation, events, onNotice } = conversationWith(historyPage([]));
  conversation.resume();
  await expect.poll(() => events).toHaveLength(1);
  events[0]?.stream.push('notice', { notice: 'draining', text: 'draining' }, 'aaaaaaaaaaaa-8');
  events[0]?.stream.push('notice', { notice: 'back', text: 'back' }, 'aaaaaaaaaaaa-9');
  await expect.poll(() => conversation.timeline.read().notices.map(({ text }) => text)).toEqual(['back']);
  expect(onNotice).toHaveBeenCalledTimes(2);
});

test('it follows nothing while it is paused', async () => {
  const { conversation, events, turns } = conversationWith(
    historyPage([pastTurn(1, { status: 'running', reply: '' })]),
  );
  conversation.resume();
  await expect.poll(() => [events.length, turns.length]).toEqual([1, 1]);
  conversation.pause();
  conversation.send('meanwhile', []);
  await expect.poll(() => conversation.isSending).toBe(false);
  expect([events.length, turns.length]).toEqual([1, 1]);
  conversation.resume();
  await expect.poll(() => [events.length, turns.length]).toEqual([2, 2]);
});

test('a stop shows the end of the turn', async () => {
  const { conversation, api, shows } = conversationWith(
    historyPage([pastTurn(1, { status: 'running', reply: 'so far' })]),
  );
  conversation.resume();
  await shows('turn-1 running so far');
  await conversation.stop('turn-1');
  expect(api.stop).toHaveBeenCalledExactlyOnceWith('turn-1');
  await shows('turn-1 interrupted so far');
});
