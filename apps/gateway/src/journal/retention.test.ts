import { eventually } from '@hermes/test-kit/eventually';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { failingJournal } from '../testing/failing-journal.ts';
import { announcement } from '../testing/journals.ts';
import { quietLog } from '../testing/quiet-log.ts';
import { turn } from '../testing/turns.ts';
import { startRetention } from './retention.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: NOW });
  onTestFinished(() => void vi.useRealTimers());
});

/** A journal with turns that ended these days ago, and one that has not ended, which is kept for two days. */
async function tidied(...daysAgo: number[]) {
  const clock: { now(): number | undefined } = { now: () => Date.now() };
  const { journal, trouble } = failingJournal();
  const { log, errors } = quietLog();
  await journal.accept(turn('open', { acceptedAt: 1 }));
  for (const [index, days] of daysAgo.entries()) {
    const id = daysAgo.indexOf(days) === index ? `ended ${days} days ago` : `ended ${days} days ago, ${index}`;
    const at = NOW - days * DAY;
    await journal.accept(turn(id));
    await journal.end(id, { status: 'done', reply: '', problem: null, endedAt: at }, announcement('s', id, [], { at }));
  }
  const retention = startRetention(journal, 2, log, clock);
  onTestFinished(() => retention[Symbol.dispose]());
  const kept = async () => (await journal.turns({ limit: 10_000 })).map(({ id }) => id).toReversed();
  return { journal, trouble, errors, retention, kept, clock };
}

describe('startRetention', () => {
  it('forgets turns and events that ended longer ago than they are kept, and never one that has not ended', async () => {
    const { kept, journal } = await tidied(3, 2.001, 1.9, 0);
    await vi.advanceTimersByTimeAsync(MINUTE);
    await eventually(async () => expect(await kept()).toEqual(['open', 'ended 1.9 days ago', 'ended 0 days ago']));
    expect(await journal.eventsAfter('s', 0, 10)).toHaveLength(2);
  });

  it('forgets in one go what a busy day has left behind', async () => {
    const { journal, kept } = await tidied();
    const ids = Array.from({ length: 2_500 }, (_, n) => `t${n}`);
    await Promise.all(ids.map((id) => journal.accept(turn(id))));
    const end = { status: 'done', reply: '', problem: null, endedAt: NOW - 3 * DAY } as const;
    const announced = announcement('s', '', [], { at: end.endedAt });
    await Promise.all(ids.map((id) => journal.end(id, end, announced)));
    await vi.advanceTimersByTimeAsync(MINUTE);
    await eventually(async () => expect(await kept()).toEqual(['open']));
    await eventually(async () => expect(await journal.eventsAfter('s', 0, 1)).toEqual([]));
  });

  it('waits a minute before its first step, to let the gateway start', async () => {
    const { kept, journal } = await tidied(3);
    const { commits } = journal;
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect([await kept(), journal.commits]).toEqual([['open', 'ended 3 days ago'], commits]);
  });

  it('continues a minute later when a step fails', async () => {
    const { kept, trouble, errors } = await tidied(3);
    trouble.failures.set('prune', 1);
    await vi.advanceTimersByTimeAsync(MINUTE);
    await eventually(() => expect(errors).toEqual(['old rows of the journal could not be deleted']));
    expect(await kept()).toEqual(['open', 'ended 3 days ago']);
    await vi.advanceTimersByTimeAsync(MINUTE);
    await eventually(async () => expect(await kept()).toEqual(['open']));
  });

  it('deletes nothing while the clock is not reliable, and continues when it is', async () => {
    const { kept, clock, journal } = await tidied(3);
    const { now } = clock;
    clock.now = () => undefined;
    const { commits } = journal;
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect([await kept(), journal.commits]).toEqual([['open', 'ended 3 days ago'], commits]);
    clock.now = now;
    await vi.advanceTimersByTimeAsync(MINUTE);
    await eventually(async () => expect(await kept()).toEqual(['open']));
  });

  it('is not held back by a turn that has just ended after a long time', async () => {
    const { kept } = await tidied(0, ...Array.from({ length: 1_500 }, () => 3));
    await vi.advanceTimersByTimeAsync(MINUTE);
    await eventually(async () => expect(await kept()).toEqual(['open', 'ended 0 days ago']));
  });

  it('ends when it is disposed', async () => {
    const { journal, retention } = await tidied(3);
    retention[Symbol.dispose]();
    const { commits } = journal;
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect([journal.commits, vi.getTimerCount()]).toEqual([commits, 0]);
  });
});
