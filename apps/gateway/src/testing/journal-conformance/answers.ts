import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { DUPLICATE_TURN } from '../../journal/turn-store.ts';
import { announcement, DONE, textsOf } from '../journals.ts';
import { turn } from '../turns.ts';
import type { JournalPlace, MakePlace } from './place.ts';

export function answerConformance(makePlace: MakePlace): void {
  let place: JournalPlace;
  let journal: Journal;

  beforeEach(async () => {
    place = makePlace();
    journal = await place.open();
  });

  it('is stored with its event, also while a turn of the session runs, and is there after a restart', async () => {
    await journal.accept(turn('busy', { status: 'running', attempts: 1, startedAt: 1_000 }));
    const answered = turn('a', { messageId: 'm', text: '/help\u0000', conversation: 'separate', ...DONE });
    const seq = await journal.answer(answered, announcement('s', 'answered', ['x']));
    expect(seq).toBe(await journal.lastEventSeq('s'));
    await journal.close();
    journal = await place.open();
    expect(await journal.findMessage('s', 'm')).toEqual(answered);
    expect(textsOf(await journal.eventsAfter('s', 0, 9))).toEqual(['answered']);
    expect(await journal.deliveries('x')).toHaveLength(1);
    expect(await journal.unfinished(0, 9)).toMatchObject([{ id: 'busy' }]);
    expect(await journal.notifiedSessions('', 9)).toEqual([]);
  });

  it('is stored once for a message, and a repeated one has no event', async () => {
    const answers = ['a', 'b'].map((id) =>
      journal.answer(turn(id, { messageId: 'm', ...DONE }), announcement('s', id, ['x'])),
    );
    const [first, second] = await Promise.allSettled(answers);
    expect([first?.status, second]).toMatchObject(['fulfilled', { reason: { code: DUPLICATE_TURN } }]);
    expect(textsOf(await journal.eventsAfter('s', 0, 9))).toEqual(['a']);
    expect(await journal.deliveries('x')).toHaveLength(1);
  });

  it('counts as a notice of the drain that it names, once', async () => {
    await journal.answer(turn('a', DONE), announcement('s', 'a'), 'drain');
    await journal.answer(turn('b', DONE), announcement('s', 'b'), 'drain');
    expect(await journal.notifiedSessions('', 9)).toEqual(['s']);
    expect(await journal.notifiedDrain()).toBe('drain');
    await journal.recordDrainEnd('s', announcement('s', 'back'));
    expect(await journal.notifiedSessions('', 9)).toEqual([]);
  });
}
