import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eventually } from '@hermes/test-kit/eventually';
import { lacksPostgres, postgresSchema, type TestSchema } from '@hermes/test-kit/postgres';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { announcement, DONE } from '../../testing/announcements.ts';
import { openPostgresJournal } from '../../testing/postgres-journals.ts';
import { turn } from '../../testing/turns.ts';
import type { ReplyPiece } from '../fleet.ts';
import { NO_SUCH_TURN } from '../turn-store.ts';
import type { PostgresJournal } from './postgres-journal.ts';

const FENCED_OFF = { code: NO_SUCH_TURN };

describe.skipIf(lacksPostgres())('two gateways with one journal on PostgreSQL', () => {
  let place: TestSchema;
  let one: PostgresJournal;
  let other: PostgresJournal;

  beforeEach(async () => {
    place = await postgresSchema();
    one = await openPostgresJournal({ at: place, name: 'one' });
    other = await openPostgresJournal({ at: place, name: 'other' });
    // Reads the gateways again: until it knows of another one, it sends no news.
    await one.fleet.takeTurns(true);
  });

  const running = (id: string, session = 's') =>
    turn(id, { session, status: 'running', attempts: 1, startedAt: 1_000 });

  const ending = (id: string, session = 's') => [id, DONE, announcement(session, id)] as const;

  it('know each other, and who takes turns', async () => {
    await eventually(() => expect(one.fleet.takers).toBe(0));
    await other.fleet.takeTurns(true);
    await eventually(() => expect(one.fleet.takers).toBe(1));
    await one.accept(running('a'));
    expect(await other.fleet.peers()).toMatchObject([
      { name: 'one', isThisOne: false, running: 1 },
      { name: 'other', isThisOne: true, takesTurns: true, running: 0 },
    ]);
    await other.close();
    await eventually(() => expect(one.fleet.takers).toBe(0));
    expect(await one.fleet.peers()).toMatchObject([{ name: 'one' }]);
  });

  it('ask one thing after another over one connection, as the driver demands', async () => {
    const warnings: string[] = [];
    const listen = ({ message }: Error) => void warnings.push(message);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    // The close ends what is still being asked.
    await Promise.allSettled([one.fleet.takeTurns(false), one.fleet.takeTurns(true), one.close()]);
    await nextTurn();
    expect(warnings).toEqual([]);
  });

  it('start what waits in the order of acceptance, one a session, within the limits', async () => {
    for (const [id, session] of [
      ['a', 's'],
      ['b', 's'],
      ['c', 't'],
      ['d', 'u'],
      ['e', 'v'],
    ] as const)
      await one.accept(turn(id, { session, text: 'x'.repeat(10) }));
    expect((await other.fleet.claim(2, 100, 7)).map(({ id }) => id)).toEqual(['a', 'c']);
    expect((await other.fleet.claim(9, 5, 7)).map(({ id }) => id)).toEqual(['d']);
    expect((await one.fleet.claim(9, 100, 7)).map(({ id }) => id)).toEqual(['e']);
    expect(await one.fleet.claim(9, 100, 7)).toEqual([]);
    expect(await other.fleet.endAndClaim(...ending('a'), 8)).toMatchObject({ id: 'b', startedAt: 8, attempts: 1 });
    expect(await other.fleet.endAndClaim(...ending('b'), 9)).toBeUndefined();
  });

  it('cannot end, start or describe a turn of the other', async () => {
    await one.accept(running('a'));
    await expect(other.end(...ending('a'))).rejects.toMatchObject(FENCED_OFF);
    await expect(other.start('a', 1)).rejects.toMatchObject(FENCED_OFF);
    const process = { group: 1, startTime: '', epoch: '' };
    await expect(other.recordAgentProcess('a', process)).rejects.toMatchObject(FENCED_OFF);
    await other.fleet.giveBack('a', 0);
    expect(await one.find('a')).toMatchObject({ status: 'running', attempts: 1 });
    expect(await other.unfinished(0, 9)).toEqual([]);
    expect(await other.cutOffTurns()).toEqual([]);
    expect(await other.eventsAfter('s', 0, 9)).toEqual([]);
  });

  it('give a turn back to those that wait, which the other learns', async () => {
    await one.accept(running('a'));
    const waiting = once(other.fleet, 'waiting');
    await one.fleet.giveBack('a', 0);
    await waiting;
    expect(await other.find('a')).toMatchObject({ status: 'accepted', attempts: 0, startedAt: null });
    expect(await other.fleet.claim(1, 1, 6)).toMatchObject([{ id: 'a', attempts: 1 }]);
  });

  it('learn of changes in sessions, and not of their own', async () => {
    const own: unknown[] = [];
    one.fleet.on('news', (sessions) => own.push(sessions));
    const heard = new Set<string>();
    other.fleet.on('news', (sessions) => {
      for (const session of sessions) heard.add(session);
    });
    await one.accept(running('a', 's\u0000t'));
    await one.announce(announcement('u', 'x'));
    await eventually(() => expect([...heard].toSorted()).toEqual(['s\u0000t', 'u']));
    expect(own).toEqual([]);
  });

  it('learn of a turn that the other accepts while it takes none, and of the next one after an end', async () => {
    let waiting = once(other.fleet, 'waiting');
    await one.accept(turn('a'));
    await waiting;
    await one.accept(turn('b'));
    waiting = once(other.fleet, 'waiting');
    await one.end(...ending('a'));
    await waiting;
    expect(await other.fleet.claim(9, 100, 6)).toMatchObject([{ id: 'b' }]);
  });

  it('send pieces of replies in order, also long ones, and ask for them', async () => {
    const asked = once(one.fleet, 'watched');
    other.fleet.watch('a');
    expect(await asked).toEqual(['a']);
    const pieces: ReplyPiece[] = [];
    other.fleet.on('piece', (piece) => pieces.push(piece));
    const long = '\u{1F600}"\u0000ü'.repeat(3_000);
    one.fleet.sendPiece({ turn: 'a', attempt: 1, offset: 0, text: 'Hello ' });
    one.fleet.sendPiece({ turn: 'a', attempt: 1, offset: 6, text: long });
    await eventually(() => expect(pieces.map(({ text }) => text).join('')).toBe(`Hello ${long}`));
    let length = 0;
    for (const { offset, text } of pieces) {
      expect(offset).toBe(length);
      length += text.length;
    }
  });

  it('drop pieces of replies when too many wait, and ask to interrupt a turn', async () => {
    const pieces: ReplyPiece[] = [];
    other.fleet.on('piece', (piece) => pieces.push(piece));
    const text = 'x'.repeat(5_000);
    for (let n = 0; n < 1_000; n += 1) one.fleet.sendPiece({ turn: 'a', attempt: 1, offset: n * text.length, text });
    await eventually(() => expect(pieces.length).toBeGreaterThan(10));
    const asked = once(other.fleet, 'interrupt');
    one.fleet.interrupt('a', 'cancelled by its user');
    expect(await asked).toEqual(['a', 'cancelled by its user']);
    expect(pieces.length).toBeLessThan(100);
  });

  it('have a lease one at a time, until it is released or its gateway has left', async () => {
    expect(await one.fleet.tryLease('outbox')).toBe(true);
    expect(await one.fleet.tryLease('outbox')).toBe(true);
    expect(await other.fleet.tryLease('outbox')).toBe(false);
    expect(await other.fleet.tryLease('another')).toBe(true);
    await one.fleet.releaseLease('outbox');
    expect(await other.fleet.tryLease('outbox')).toBe(true);
    await other.close();
    expect(await one.fleet.tryLease('outbox')).toBe(true);
  });

  it('see which turns have ended or never were', async () => {
    await one.accept(running('a'));
    await one.accept(turn('b'));
    await one.end(...ending('a'));
    expect((await other.fleet.ended(['a', 'b', 'unknown'])).toSorted()).toEqual(['a', 'unknown']);
  });

  it('keep the notices of their drains apart', async () => {
    await one.recordNoticeOnce('s', 'd1', announcement('s', 'draining'));
    expect([await one.notifiedDrain(), await other.notifiedDrain()]).toEqual(['d1', null]);
    expect(await other.notifiedSessions('', 9)).toEqual([]);
    await other.recordDrainEnd('s', announcement('s', 'back'));
    expect(await one.notifiedSessions('', 9)).toEqual(['s']);
    await one.close();
    const again = await openPostgresJournal({ at: place, name: 'one' });
    expect(await again.notifiedDrain()).toBe('d1');
  });

  it('take the running turns of one that closes over', async () => {
    await one.accept(running('a'));
    const adopted = once(other.fleet, 'adopted');
    await one.close();
    expect(await adopted).toMatchObject([[{ id: 'a', status: 'running', attempts: 1 }]]);
    await other.end(...ending('a'));
  });
});
