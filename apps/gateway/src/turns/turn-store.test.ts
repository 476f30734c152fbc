import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turn } from './turn.ts';
import { TurnStore } from './turn-store.ts';

function turnOf(messageId?: string, session = 's'): Turn {
  return new Turn({ session, text: 'hello', messageId, kind: 'external' });
}

async function addEnded(store: TurnStore, turn = turnOf()): Promise<Turn> {
  store.add(turn);
  turn.settle('done');
  await turn.whenSettled;
  return turn;
}

describe('TurnStore', () => {
  it('finds a turn by its id before and after it has ended, and counts the open ones', async () => {
    const store = new TurnStore();
    const turn = turnOf();
    store.add(turn);
    expect([store.find(turn.id), store.open]).toEqual([turn, 1]);
    turn.settle('failed', 'no');
    await turn.whenSettled;
    expect([store.find(turn.id), store.open]).toEqual([turn, 0]);
    expect(store.find('another')).toBeUndefined();
  });

  it('finds the turn of a message within its session only', async () => {
    const store = new TurnStore();
    const turn = await addEnded(store, turnOf('m', 's'));
    expect(store.findMessage('s', 'm')).toBe(turn);
    expect(store.findMessage('other', 'm')).toBeUndefined();
    expect(store.findMessage('s', 'other')).toBeUndefined();
  });

  it('does not mistake one pair of names for another that reads the same', () => {
    const store = new TurnStore();
    store.add(turnOf('b","c', 'a'));
    expect(store.findMessage('a","b', 'c')).toBeUndefined();
  });

  it('takes messages without an id for different ones', () => {
    const store = new TurnStore();
    store.add(turnOf());
    store.add(turnOf());
    expect([store.findMessage('s', undefined), store.open]).toEqual([undefined, 2]);
  });

  it('forgets the oldest ended turns first, with their messages, and never an open one', async () => {
    const store = new TurnStore();
    const open = turnOf('open');
    store.add(open);
    const first = await addEnded(store, turnOf('first'));
    const second = await addEnded(store, turnOf('second'));
    for (let more = 0; more < 9_999; more++) await addEnded(store);
    expect([store.find(first.id), store.findMessage('s', 'first')]).toEqual([undefined, undefined]);
    expect([store.find(second.id), store.findMessage('s', 'second')]).toEqual([second, second]);
    expect([store.find(open.id), store.findMessage('s', 'open')]).toEqual([open, open]);
  });

  it('forgets what does not fit into its memory, with its message', async () => {
    const store = new TurnStore();
    const giant = turnOf('giant');
    giant.append('x'.repeat(40 * 1024 * 1024));
    await addEnded(store, giant);
    expect([store.find(giant.id), store.findMessage('s', 'giant'), store.open]).toEqual([undefined, undefined, 0]);
  });

  it('makes room for a large reply by forgetting older ones', async () => {
    const store = new TurnStore();
    const turns = [];
    for (const messageId of ['a', 'b', 'c']) {
      const large = turnOf(messageId);
      large.append('x'.repeat(12 * 1024 * 1024));
      turns.push(await addEnded(store, large));
    }
    expect(turns.map((turn) => store.find(turn.id) !== undefined)).toEqual([false, true, true]);
    expect(store.findMessage('s', 'a')).toBeUndefined();
  });
});

describe('TurnStore as time passes', () => {
  let now = 1_000;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  function pass(milliseconds: number): void {
    now += milliseconds;
    vi.advanceTimersByTime(milliseconds);
  }

  it.each([
    ['first by its message', (store: TurnStore, id: string) => [store.findMessage('s', 'm'), store.find(id)]],
    ['first by its id', (store: TurnStore, id: string) => [store.find(id), store.findMessage('s', 'm')]],
  ])('forgets an ended turn after an hour, when it is asked for %s', async (_how, ask) => {
    const store = new TurnStore();
    const turn = await addEnded(store, turnOf('m'));
    pass(3_599_000);
    expect(ask(store, turn.id)).toEqual([turn, turn]);
    pass(2_000);
    expect(ask(store, turn.id)).toEqual([undefined, undefined]);
  });

  it('keeps an open turn for as long as it takes', () => {
    const store = new TurnStore();
    const turn = turnOf('m');
    store.add(turn);
    pass(100 * 3_600_000);
    expect([store.find(turn.id), store.findMessage('s', 'm')]).toEqual([turn, turn]);
  });
});
