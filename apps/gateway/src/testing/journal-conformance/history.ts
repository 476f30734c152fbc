import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { MAX_HISTORY_PARTS, type TurnEnd, type TurnRecord } from '../../journal/turn-store.ts';
import { announcement, DONE } from '../journals.ts';
import { turn } from '../turns.ts';
import { ids, type JournalPlace, type MakePlace } from './place.ts';

const ALL = { turns: 100, maxChars: 100_000 };

export function historyConformance(makePlace: MakePlace): void {
  let place: JournalPlace;
  let journal: Journal;

  beforeEach(async () => {
    place = makePlace();
    journal = await place.open();
  });

  async function add(id: string, changes: Partial<TurnRecord> = {}, end: TurnEnd | undefined = DONE): Promise<void> {
    await journal.accept(turn(id, changes));
    if (end) await journal.end(id, end, announcement('s', id));
  }

  it('has the earlier turns of the session in order, with how they ended, and is the same after a restart', async () => {
    await add('a', { text: 'z\u0000\u{1F600}' });
    await add('b', {}, { status: 'interrupted', reply: null, problem: 'why', endedAt: 3_000 });
    await add('c', { session: 'other' });
    await add('d', {}, undefined);
    await add('e');
    const expected = [
      { id: 'a', text: 'z\u0000\u{1F600}', status: 'done', reply: DONE.reply, problem: null },
      { id: 'b', text: 'text of b', status: 'interrupted', reply: null, problem: 'why' },
    ];
    expect(await journal.history('d', ALL)).toEqual(expected);
    await journal.close();
    journal = await place.open();
    expect(await journal.history('d', ALL)).toEqual(expected);
    expect(await journal.history('a', ALL)).toEqual([]);
    expect(await journal.history('unknown', ALL)).toEqual([]);
  });

  it('has neither separate turns nor what was before the last start', async () => {
    await add('old');
    await add('start', { conversation: 'start' });
    await add('new');
    await add('separate', { conversation: 'separate' });
    await add('last');
    expect(ids(await journal.history('last', ALL))).toEqual(['new']);
    expect(ids(await journal.history('new', ALL))).toEqual([]);
    expect(ids(await journal.history('start', ALL))).toEqual(['old']);
  });

  it('keeps the newest whole turns within its limits', async () => {
    for (const id of ['a', 'b', 'c'])
      await add(id, { text: '\u{1F600}'.repeat(50) }, { ...DONE, reply: 'ü'.repeat(100) });
    await add('last');
    expect(ids(await journal.history('last', { turns: 2, maxChars: 9_999 }))).toEqual(['b', 'c']);
    expect(ids(await journal.history('last', { turns: 9, maxChars: 400 }))).toEqual(['b', 'c']);
    expect(ids(await journal.history('last', { turns: 9, maxChars: 399 }))).toEqual(['c']);
    expect(await journal.history('last', { turns: 9, maxChars: 199 })).toEqual([]);
    expect(await journal.history('last', { turns: 0, maxChars: 9_999 })).toEqual([]);
  });

  it('leaves out what there is of a reply that is not whole where it does not fit, and keeps the turn', async () => {
    const cutOff = (reply: string): TurnEnd => ({ status: 'interrupted', reply, problem: 'why', endedAt: 3_000 });
    const [long, longer] = ['x'.repeat(101), 'ü'.repeat(1_000)];
    await add('a', { text: 'a' }, { ...DONE, reply: 'whole' });
    await add('b', { text: 'b' }, cutOff(longer));
    await add('c', { text: 'c' }, cutOff(long));
    await add('d', { text: 'd' }, cutOff('short'));
    await add('last');
    const replies = async (maxChars: number) =>
      (await journal.history('last', { turns: 9, maxChars })).map(({ id, reply }) => [id, reply]);
    const [a, b, c, d] = [
      ['a', 'whole'],
      ['b', null],
      ['c', null],
      ['d', 'short'],
    ];
    expect(await replies(100)).toEqual([a, b, c, d]);
    expect(await replies(200)).toEqual([a, b, ['c', long], d]);
    expect(await replies(9_999)).toEqual([a, ['b', longer], ['c', long], d]);
    expect(await replies(5)).toEqual([b, c, ['d', null]]);
  });

  it('counts the parts of messages apart from their texts, and ends with the message that is too much', async () => {
    const text = JSON.stringify([{ type: 'file', file: { file_data: 'A'.repeat(MAX_HISTORY_PARTS / 2) } }]);
    for (const id of ['a', 'b', 'c']) await add(id, { form: 'parts', text }, { ...DONE, reply: 'x' });
    await add('d', { text: 'x' }, { ...DONE, reply: 'x' });
    await add('last');
    const history = await journal.history('last', { turns: 9, maxChars: 4 });
    expect(history.map(({ id, form }) => [id, form])).toEqual([
      ['b', 'parts'],
      ['c', 'parts'],
      ['d', undefined],
    ]);
    expect(history[0]?.text).toBe(text);
    expect(ids(await journal.history('last', { turns: 9, maxChars: 3 }))).toEqual(['c', 'd']);
  });
}
