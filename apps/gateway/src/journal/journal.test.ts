import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  announcement,
  openJournal,
  openThreadedJournal,
  pruneAll,
  textsOf,
  unfinishedTurns,
} from '../testing/journals.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { turn } from '../testing/turns.ts';
import type { Journal } from './journal.ts';
import { openForReading } from './open-database.ts';
import type { TurnEnd } from './records.ts';
import { queryTurns } from './sqlite-journal.ts';

const DONE: TurnEnd = { status: 'done', reply: 'yes', problem: null, endedAt: 3_000 };
const ids = (turns: readonly { id: string }[]) => turns.map(({ id }) => id);

describe.each([
  ['in this thread', openJournal],
  ['in a thread of its own', openThreadedJournal],
])('a journal %s', (_where, open: (path: string) => Journal | Promise<Journal>) => {
  let path: string;
  let journal: Journal;

  beforeEach(async () => {
    path = join(temporaryDirectory(), 'gateway.db');
    journal = await open(path);
  });

  describe('turns', () => {
    it('go from accepted over running to their end, and every field comes back', async () => {
      const accepted = turn('a', { messageId: 'm', text: 'z\u0000\u{1F600}\n' });
      await journal.accept(accepted);
      expect(await journal.find('a')).toEqual(accepted);
      await journal.start('a', 2_000);
      expect(await journal.find('a')).toEqual({ ...accepted, status: 'running', attempts: 1, startedAt: 2_000 });
      await journal.end('a', DONE, announcement('s', 'done'));
      expect(await journal.findMessage('s', 'm')).toEqual({ ...accepted, attempts: 1, startedAt: 2_000, ...DONE });
    });

    it('that come together cost one commit', async () => {
      await Promise.all(Array.from({ length: 200 }, (_, n) => journal.accept(turn(`t${n}`))));
      expect(journal.commits).toBe(1);
      expect(ids(await unfinishedTurns(journal))).toEqual(Array.from({ length: 200 }, (_, n) => `t${n}`));
    });

    it('are unique by session and message, and a repeated one takes nobody with it', async () => {
      const outcomes = await Promise.allSettled([
        journal.accept(turn('a', { messageId: 'm' })),
        journal.accept(turn('b', { messageId: 'm' })),
        journal.accept(turn('c', { messageId: 'm', session: 'other' })),
        journal.accept(turn('d')),
        journal.accept(turn('e')),
        journal.accept(turn('a')),
      ]);
      expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true, false]);
      expect(ids(await unfinishedTurns(journal))).toEqual(['a', 'c', 'd', 'e']);
      expect((await journal.findMessage('s', 'm'))?.id).toBe('a');
    });

    it('that nobody knows, or that have ended, neither start nor end', async () => {
      await expect(journal.start('x', 1)).rejects.toThrow('turn x is not waiting');
      await expect(journal.end('x', DONE, announcement('s', 'x', ['c']))).rejects.toThrow('turn x has ended already');
      await journal.accept(turn('a'));
      await journal.end('a', DONE, announcement('s', 'a'));
      await expect(journal.start('a', 1)).rejects.toThrow('turn a is not waiting');
      await expect(journal.end('a', DONE, announcement('s', 'again', ['c']))).rejects.toThrow('has ended already');
      expect(textsOf(await journal.eventsAfter('s', 0, 10))).toEqual(['a']);
      expect(await journal.deliveries('c')).toEqual([]);
    });

    it('that were running when the process died are found, in the order they were accepted', async () => {
      for (const id of ['c', 'a', 'b']) await journal.accept(turn(id));
      await journal.start('a', 2_000);
      await journal.end('b', DONE, announcement('s', 'b'));
      await journal.close();
      const turns = await unfinishedTurns(await open(path));
      expect(turns.map(({ id, status }) => [id, status])).toEqual([
        ['c', 'accepted'],
        ['a', 'running'],
      ]);
    });

    it('that were running come with the last process that was recorded for them, after a restart, too', async () => {
      const process = { group: 77, startTime: '123456789012345678', epoch: 'boot:1' };
      for (const id of ['waiting', 'silent', 'busy', 'over']) await journal.accept(turn(id));
      for (const id of ['silent', 'busy', 'over']) await journal.start(id, 2_000);
      await journal.recordAgentProcess('busy', { ...process, group: 76 });
      await journal.recordAgentProcess('busy', process);
      await journal.recordAgentProcess('over', process);
      await journal.end('over', DONE, announcement('s', 'done'));
      await journal.close();
      journal = await open(path);
      expect(await journal.cutOffTurns()).toEqual([
        { turn: 'silent', process: undefined },
        { turn: 'busy', process },
      ]);
      await expect(journal.recordAgentProcess('over', process)).rejects.toMatchObject({ code: 'ERR_NO_SUCH_TURN' });
    });

    it('are found by session and status, the newest first, also beside the gateway', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await journal.accept(turn(id, { session: id === 'c' ? 'other' : 's' }));
      await journal.start('b', 1);
      const reader = openForReading(path);
      try {
        expect(ids([...queryTurns(reader, { limit: 10 })])).toEqual(['d', 'c', 'b', 'a']);
        expect(ids([...queryTurns(reader, { session: 's', status: 'accepted', limit: 10 })])).toEqual(['d', 'a']);
        expect(() => reader.exec('DELETE FROM turns')).toThrow('readonly');
      } finally {
        reader.close();
      }
      expect(ids(await journal.turns({ session: 's', limit: 2 }))).toEqual(['d', 'b']);
      expect(ids(await journal.turns({ status: 'running', limit: 2 }))).toEqual(['b']);
    });
  });

  describe('the end of a turn', () => {
    it('is one with its event and its deliveries', async () => {
      await journal.accept(turn('a'));
      const told = announcement('s', 'told', ['x', 'y'], { at: 7, expiresAt: 9 });
      const seq = await journal.end('a', DONE, told);
      expect(await journal.eventsAfter('s', 0, 10)).toEqual([{ seq, ...told.event }]);
      expect(await journal.deliveries('x')).toEqual([
        {
          seq: 1,
          channel: 'x',
          session: 's',
          event: { ...told.event.data, event_id: String(seq) },
          at: 7,
          attempts: 0,
          nextAt: 7,
          expiresAt: 9,
        },
      ]);
      expect(await journal.deliveries('y')).toHaveLength(1);
    });

    it('did not happen when its event cannot be stored', async () => {
      await journal.accept(turn('a'));
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      const { event } = announcement('s', 'x');
      const bad = { event, deliveries: [{ channel: 'x', session: 's', event: circular, expiresAt: null }] };
      await expect(journal.end('a', DONE, bad)).rejects.toThrow('circular');
      expect((await journal.find('a'))?.status).toBe('accepted');
      expect(await journal.eventsAfter('s', 0, 10)).toEqual([]);
    });
  });

  describe('notices of a drain', () => {
    const notice = announcement('s', 'draining', ['x']);

    it('are told once a session and drain, also after a restart', async () => {
      const [first, second] = await Promise.all([
        journal.recordNoticeOnce('s', 'd1', notice),
        journal.recordNoticeOnce('s', 'd1', notice),
      ]);
      expect([first, second]).toEqual([1, undefined]);
      await journal.close();
      journal = await open(path);
      expect(await journal.recordNoticeOnce('s', 'd1', notice)).toBeUndefined();
      expect(await journal.deliveries('x')).toHaveLength(1);
      expect(await journal.recordNoticeOnce('s', 'd2', notice)).toBe(2);
      expect(await journal.recordNoticeOnce('other', 'd1', announcement('other', 'draining'))).toBe(3);
    });

    it('are taken back once for all the drains that a session was told of', async () => {
      await journal.recordNoticeOnce('s', 'd1', notice);
      await journal.recordNoticeOnce('s', 'd2', notice);
      await journal.recordNoticeOnce('other', 'd2', announcement('other', 'draining'));
      expect(await journal.notifiedSessions('', 9)).toEqual(['other', 's']);
      expect(await journal.toldDrain()).toBe('d2');
      await journal.recordDrainEnd('s', announcement('s', 'back'));
      expect(await journal.notifiedSessions('', 9)).toEqual(['other']);
      expect(textsOf(await journal.eventsAfter('s', 2, 10))).toEqual(['back']);
      expect(await journal.recordNoticeOnce('s', 'd2', notice)).toBeUndefined();
    });
  });

  describe('events', () => {
    it('are read from any point on, of one session, in pages', async () => {
      await Promise.all(['a', 'b', 'c'].map((text) => journal.tell(announcement('s', text))));
      await journal.tell(announcement('other', 'd'));
      expect(textsOf(await journal.eventsAfter('s', 0, 2))).toEqual(['a', 'b']);
      expect(textsOf(await journal.eventsAfter('s', 2, 2))).toEqual(['c']);
      expect(await journal.eventsAfter('s', 4, 2)).toEqual([]);
    });

    it('reads events until they have a number of bytes', async () => {
      const texts = ['a'.repeat(500), 'b'.repeat(500), 'ü'.repeat(500)];
      for (const text of texts) await journal.tell(announcement('s', text));
      const read = async (after: number, bytes: number) => textsOf(await journal.eventsAfter('s', after, 9, bytes));
      expect(await read(0, 1)).toEqual(texts.slice(0, 1));
      expect(await read(0, 600)).toEqual(texts.slice(0, 2));
      expect(await read(1, 1_500)).toEqual(texts.slice(1, 3));
      expect(await read(0, 3_000)).toEqual(texts);
    });

    it('never get the number of one that was forgotten', async () => {
      await journal.tell(announcement('s', 'a'));
      expect(await pruneAll(journal, 6_000)).toMatchObject({ events: [1] });
      expect(await journal.tell(announcement('s', 'b'))).toBe(2);
    });
  });

  describe('deliveries', () => {
    const send = (session: string, text: string) => journal.tell(announcement(session, text, ['x']));
    const heads = async (limit = 10) =>
      Promise.all(
        (await journal.nextDeliveries('x', limit)).map(async ({ seq, nextAt }) => [
          (await journal.findDelivery(seq))?.event.text,
          nextAt,
        ]),
      );

    it('wait until they have arrived or are given up, and count their tries', async () => {
      for (const text of ['a', 'b', 'c']) await send('s', text);
      await journal.delivered(1);
      await journal.deliveryFailed(2, 8_000, 'busy');
      await journal.deliveryFailed(3, null, 'gone');
      expect(await journal.deliveries('x')).toMatchObject([{ seq: 2, attempts: 1, nextAt: 8_000 }]);
    });

    it('are next without what they tell, which is read one by one', async () => {
      await send('s', 'ü'.repeat(500));
      const [next] = await journal.nextDeliveries('x', 9);
      expect(next).not.toHaveProperty('event');
      expect(next?.bytes).toBeGreaterThan(1_000);
      expect(await journal.findDelivery(1)).toMatchObject({ session: 's', event: { text: 'ü'.repeat(500) } });
      await journal.delivered(1);
      expect(await journal.findDelivery(1)).toBeUndefined();
    });

    it('are next one a session, those that are due first', async () => {
      for (const [session, text] of [
        ['s', 'a'],
        ['s', 'b'],
        ['t', 'c'],
        ['u', 'd'],
      ] as const)
        await send(session, text);
      await journal.tell(announcement('s', 'other channel', ['y']));
      await journal.deliveryFailed(1, 9_000, 'busy');
      expect(await heads()).toEqual([
        ['c', 5_000],
        ['d', 5_000],
        ['a', 9_000],
      ]);
      expect(await heads(1)).toEqual([['c', 5_000]]);
      await journal.deliveryFailed(1, null, 'gone');
      expect(await heads(1)).toEqual([['b', 5_000]]);
    });
  });

  describe('prune', () => {
    it('forgets what was over before, and nothing else', async () => {
      for (const id of ['old', 'new', 'open']) await journal.accept(turn(id));
      await journal.end('old', DONE, announcement('s', 'old', [], { at: 3_000 }));
      await journal.end('new', { ...DONE, endedAt: 4_000 }, announcement('s', 'new', ['x', 'y'], { at: 4_000 }));
      await journal.deliveryFailed(1, null, 'gone');
      expect(await pruneAll(journal, 4_000)).toEqual({ turns: [1], events: [1], notices: [0], deliveries: [0] });
      expect(ids(await journal.turns({ limit: 9 }))).toEqual(['open', 'new']);
      expect(textsOf(await journal.eventsAfter('s', 0, 9))).toEqual(['new']);
      expect(await journal.deliveries('y')).toHaveLength(1);
    });

    it('forgets notices that were taken back and deliveries that were given up', async () => {
      await journal.recordNoticeOnce('s', 'd', announcement('s', 'draining', ['x']));
      await journal.recordNoticeOnce('t', 'd', announcement('t', 'draining'));
      await journal.recordDrainEnd('s', announcement('s', 'back'));
      await journal.deliveryFailed(1, null, 'gone');
      expect(await pruneAll(journal, Date.now() + 1)).toMatchObject({ events: [3], notices: [1], deliveries: [1] });
      expect(await journal.notifiedSessions('', 9)).toEqual(['t']);
    });

    it('looks at no more rows in a step than it is allowed to, of each table by itself', async () => {
      for (const id of ['a', 'b', 'c']) {
        await journal.accept(turn(id));
        await journal.end(id, DONE, announcement('s', id));
      }
      expect(await pruneAll(journal, 10_000, { limit: 2 })).toMatchObject({ turns: [2, 1], events: [2, 1] });
    });

    it('finds old turns behind ones that have just ended, have not ended, or came while the clock was ahead', async () => {
      for (const id of ['just ended', 'open', 'old']) await journal.accept(turn(id));
      await journal.accept(turn('ahead', { acceptedAt: 90_000 }));
      for (const id of ['old, too', 'new'])
        await journal.accept(turn(id, { acceptedAt: id === 'new' ? 9_000 : 1_000 }));
      const ended: [string, number][] = [
        ['just ended', 9_000],
        ['old', 3_000],
        ['ahead', 90_000],
        ['old, too', 3_000],
        ['new', 9_000],
      ];
      for (const [id, at] of ended) await journal.end(id, { ...DONE, endedAt: at }, announcement('s', id, [], { at }));
      expect(await pruneAll(journal, 8_000, { now: 10_000, limit: 1 })).toMatchObject({ turns: [0, 0, 1, 0, 1, 0] });
      expect(ids(await journal.turns({ limit: 9 })).toReversed()).toEqual(['just ended', 'open', 'ahead', 'new']);
    });

    it('stops where all that follows is too young', async () => {
      for (const id of ['a', 'b', 'c']) await journal.accept(turn(id, { acceptedAt: 7_000 }));
      expect(await pruneAll(journal, 6_000, { now: 10_000, limit: 1 })).toMatchObject({ turns: [0] });
    });
  });

  describe('close', () => {
    it('writes what is pending', async () => {
      const pending = journal.accept(turn('a'));
      await journal.close();
      await pending;
      expect(ids(await unfinishedTurns(await open(path)))).toEqual(['a']);
    });

    it('makes later writes and reads reject', async () => {
      await journal.close();
      await expect(journal.accept(turn('a'))).rejects.toThrow(/not open|is closed/);
      await expect(journal.find('a')).rejects.toThrow();
    });
  });
});
