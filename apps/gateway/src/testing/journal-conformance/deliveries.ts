import { beforeEach, expect, it } from 'vitest';
import type { Journal } from '../../journal/journal.ts';
import { announcement } from '../journals.ts';
import type { MakePlace } from './place.ts';

export function deliveryConformance(makePlace: MakePlace): void {
  let journal: Journal;

  beforeEach(async () => {
    journal = await makePlace().open();
  });

  const send = (session: string, text: string) => journal.announce(announcement(session, text, ['x']));

  /** The numbers of the deliveries that are pending, in order. */
  const pending = async () => (await journal.deliveries('x')).map(({ seq }) => seq);

  const heads = async (limit = 10) =>
    Promise.all(
      (await journal.nextDeliveries('x', limit)).map(async ({ seq, nextAt }) => [
        (await journal.findDelivery(seq))?.event.text,
        nextAt,
      ]),
    );

  it('are pending until they are delivered or failed for good, and count their tries', async () => {
    for (const text of ['a', 'b', 'c']) await send('s', text);
    const [a = 0, b = 0, c = 0] = await pending();
    await journal.delivered(a);
    await journal.deliveryFailed(b, 8_000, 'busy');
    await journal.deliveryFailed(c, null, 'gone');
    expect(await journal.deliveries('x')).toMatchObject([{ seq: b, attempts: 1, nextAt: 8_000 }]);
  });

  it('are counted by channel: those that wait, and those that have failed for good', async () => {
    for (const text of ['a', 'b', 'c']) await send('s', text);
    await journal.announce(announcement('s', 'other channel', ['y']));
    const [a = 0, b = 0] = await pending();
    await journal.delivered(a);
    await journal.deliveryFailed(b, null, 'gone');
    expect(await journal.countDeliveries('x')).toEqual({ waiting: 1, givenUp: 1 });
    expect(await journal.countDeliveries('z')).toEqual({ waiting: 0, givenUp: 0 });
  });

  it('are listed without their events, which are read one by one', async () => {
    await send('s', 'ü'.repeat(500));
    const [next] = await journal.nextDeliveries('x', 9);
    expect(next).not.toHaveProperty('event');
    expect(next?.bytes).toBeGreaterThan(1_000);
    const seq = next?.seq ?? 0;
    expect(await journal.findDelivery(seq)).toMatchObject({ session: 's', event: { text: 'ü'.repeat(500) } });
    await journal.delivered(seq);
    expect(await journal.findDelivery(seq)).toBeUndefined();
  });

  it('are next one a session, those that are due first', async () => {
    for (const [session, text] of [
      ['s', 'a'],
      ['s', 'b'],
      ['t', 'c'],
      ['u', 'd'],
    ] as const)
      await send(session, text);
    await journal.announce(announcement('s', 'other channel', ['y']));
    const [a = 0] = await pending();
    await journal.deliveryFailed(a, 9_000, 'busy');
    expect(await heads()).toEqual([
      ['c', 5_000],
      ['d', 5_000],
      ['a', 9_000],
    ]);
    expect(await heads(1)).toEqual([['c', 5_000]]);
    await journal.deliveryFailed(a, null, 'gone');
    expect(await heads(1)).toEqual([['b', 5_000]]);
  });
}
