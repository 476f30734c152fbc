import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { DUPLICATE_TURN, NO_SUCH_TURN } from '../../journal/turn-store.ts';
import { announcement, DONE, textsOf, unfinishedTurns } from '../journals.ts';
import { turn } from '../turns.ts';
import { ids, type JournalPlace, type MakePlace } from './place.ts';

const UNKNOWN = { code: NO_SUCH_TURN };

export function turnConformance(makePlace: MakePlace): void {
  let place: JournalPlace;
  let journal: Journal;

  beforeEach(async () => {
    place = makePlace();
    journal = await place.open();
  });

  const reopen = async (): Promise<void> => {
    await journal.close();
    journal = await place.open();
  };

  it('go from accepted over running to their end, and every field comes back', async () => {
    const accepted = turn('a', {
      session: 's\u0000t',
      messageId: 'm\u0000n',
      text: 'z\u0000\u{1F600}\n',
      form: 'responses',
    });
    await journal.accept(accepted);
    expect(await journal.find('a')).toEqual(accepted);
    expect(await journal.unfinished(0, 9)).toMatchObject([
      { session: accepted.session, messageId: accepted.messageId, form: 'responses' },
    ]);
    expect(await journal.start('a', 2_000)).toEqual({ text: accepted.text, form: 'responses' });
    expect(await journal.find('a')).toEqual({ ...accepted, status: 'running', attempts: 1, startedAt: 2_000 });
    await journal.end('a', DONE, announcement('s', 'done'));
    const { session, messageId } = accepted;
    expect(await journal.findMessage(session, messageId ?? '')).toEqual({
      ...accepted,
      attempts: 1,
      startedAt: 2_000,
      ...DONE,
    });
  });

  it('that are accepted as running are so at once', async () => {
    const running = turn('a', { status: 'running', attempts: 1, startedAt: 1_000 });
    await journal.accept(running);
    await reopen();
    expect(await journal.find('a')).toEqual(running);
    expect(ids(await journal.unfinished(0, 9))).toEqual(['a']);
  });

  it('say something else as long as they have not started, unless they are requests of the OpenAI API', async () => {
    await journal.accept(turn('a', { text: 'first' }));
    expect(await journal.revise('a', { text: '[]', form: 'parts' })).toBe(true);
    expect(await journal.find('a')).toMatchObject({ text: '[]', form: 'parts' });
    const said = { text: 'z\u0000\u{1F600}', form: null };
    expect(await journal.revise('a', said)).toBe(true);
    await reopen();
    expect(await journal.start('a', 2_000)).toEqual(said);
    expect(await journal.revise('a', { text: 'too late', form: null })).toBe(false);
    await journal.end('a', DONE, announcement('s', 'done'));
    expect([await journal.revise('a', { text: 'much too late', form: null }), (await journal.find('a'))?.text]).toEqual(
      [false, 'z\u0000\u{1F600}'],
    );
    await journal.accept(turn('b', { session: 'other', form: 'responses', text: '{}' }));
    expect(await journal.revise('b', { text: 'x', form: null })).toBe(false);
    expect(await journal.revise('unknown', { text: 'x', form: null })).toBe(false);
  });

  it('go with their session when that moves, except those that have not ended, and those that are there already', async () => {
    for (const id of ['a', 'b', 'c']) await journal.accept(turn(id, { session: 'old', messageId: id }));
    for (const id of ['a', 'b']) {
      await journal.start(id, 2_000);
      await journal.end(id, DONE, announcement('old', id));
    }
    await journal.accept(turn('d', { session: 'new', messageId: 'b' }));
    await journal.moveSession('old', 'new');
    await reopen();
    const sessions = await Promise.all(['a', 'b', 'c', 'd'].map(async (id) => (await journal.find(id))?.session));
    expect(sessions).toEqual(['new', 'old', 'old', 'new']);
    expect(ids(await journal.history('d', { turns: 9, maxChars: 999 }))).toEqual(['a']);
  });

  it('that come together keep their order', async () => {
    const names = Array.from({ length: 200 }, (_, n) => `t${n}`);
    await Promise.all(names.map((id) => journal.accept(turn(id))));
    expect(ids(await unfinishedTurns(journal))).toEqual(names);
  });

  it('are unique by session and message, and a repeated one does not affect others', async () => {
    const outcomes = await Promise.allSettled([
      journal.accept(turn('a', { messageId: 'm' })),
      journal.accept(turn('b', { messageId: 'm' })),
      journal.accept(turn('c', { messageId: 'm', session: 'other' })),
      journal.accept(turn('d')),
      journal.accept(turn('e')),
      journal.accept(turn('a')),
    ]);
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true, false]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).toEqual([DUPLICATE_TURN, DUPLICATE_TURN]);
    expect(ids(await unfinishedTurns(journal))).toEqual(['a', 'c', 'd', 'e']);
    expect((await journal.findMessage('s', 'm'))?.id).toBe('a');
  });

  it('that are unknown or have ended neither start nor end', async () => {
    await expect(journal.start('x', 1)).rejects.toMatchObject(UNKNOWN);
    await expect(journal.end('x', DONE, announcement('s', 'x', ['c']))).rejects.toMatchObject(UNKNOWN);
    await journal.accept(turn('a'));
    await journal.end('a', DONE, announcement('s', 'a'));
    await expect(journal.start('a', 1)).rejects.toMatchObject(UNKNOWN);
    await expect(journal.end('a', DONE, announcement('s', 'again', ['c']))).rejects.toMatchObject(UNKNOWN);
    expect(textsOf(await journal.eventsAfter('s', 0, 10))).toEqual(['a']);
    expect(await journal.deliveries('c')).toEqual([]);
  });

  it('that were running when the process died are found, in the order they were accepted', async () => {
    for (const id of ['c', 'a', 'b']) await journal.accept(turn(id));
    await journal.start('a', 2_000);
    await journal.end('b', DONE, announcement('s', 'b'));
    await reopen();
    const expected = [
      ['c', 'accepted'],
      ['a', 'running'],
    ];
    expect((await unfinishedTurns(journal)).map(({ id, status }) => [id, status])).toEqual(expected);
    expect((await journal.unfinished(0, 9)).map(({ id, status }) => [id, status])).toEqual(expected);
  });

  it('that have not ended are read in pages, with the size of their text in place of it', async () => {
    for (const id of ['a', 'b', 'c']) await journal.accept(turn(id, { text: 'ü'.repeat(5) }));
    const [first, second] = await journal.unfinished(0, 2);
    expect([first, second]).toMatchObject([
      { id: 'a', bytes: 10 },
      { id: 'b', bytes: 10 },
    ]);
    expect(first).not.toHaveProperty('text');
    expect(ids(await journal.unfinished(second?.seq ?? 0, 2))).toEqual(['c']);
  });

  it('that were running come with the last process that was recorded for them, after a restart, too', async () => {
    const process = { group: 77, startTime: '123456789012345678', epoch: 'boot:1' };
    for (const id of ['waiting', 'silent', 'busy', 'over']) await journal.accept(turn(id, { session: id }));
    for (const id of ['silent', 'busy', 'over']) await journal.start(id, 2_000);
    await journal.recordAgentProcess('busy', { ...process, group: 76 });
    await journal.recordAgentProcess('busy', process);
    await journal.recordAgentProcess('over', process);
    await journal.end('over', DONE, announcement('s', 'done'));
    await reopen();
    expect(await journal.cutOffTurns()).toEqual([
      { turn: 'silent', process: undefined },
      { turn: 'busy', process },
    ]);
    await expect(journal.recordAgentProcess('over', process)).rejects.toMatchObject(UNKNOWN);
  });

  it('are found by session and status, the newest first, also beside the gateway', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await journal.accept(turn(id, { session: id === 'c' ? 'other' : 's' }));
    await journal.start('b', 1);
    const reader = await place.openReader();
    expect(ids(await reader.turns({ limit: 10 }))).toEqual(['d', 'c', 'b', 'a']);
    expect(ids(await reader.turns({ session: 's', status: 'accepted', limit: 10 }))).toEqual(['d', 'a']);
    expect(await reader.countUnfinished()).toBe(4);
    expect(ids(await journal.turns({ session: 's', limit: 2 }))).toEqual(['d', 'b']);
    expect(ids(await journal.turns({ status: 'running', limit: 2 }))).toEqual(['b']);
  });

  it('are listed page by page, none twice, and none is missing', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await journal.accept(turn(id, { text: 'ü'.repeat(50) }));
    const [, last] = await journal.turns({ limit: 2 });
    expect(ids(await journal.turns({ limit: 9, before: last?.seq }))).toEqual(['c', 'b', 'a']);
    expect(ids(await journal.turns({ limit: 9, maxBytes: 1 }))).toEqual(['e']);
    expect(ids(await journal.turns({ limit: 9, maxBytes: 150 }))).toEqual(['e', 'd']);
    expect(ids(await journal.turns({ limit: 1, maxBytes: 150 }))).toEqual(['e']);
  });
}
