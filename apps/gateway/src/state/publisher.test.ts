import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatePublisher } from './publisher.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(10_000);
});
afterEach(() => void vi.useRealTimers());

/** A publisher of `state`, with writes that last `duration` ms. */
function publishing(duration = 0) {
  const subject = { state: 'first', atOnce: 0, failures: 0 };
  const started: { state: string; at: number }[] = [];
  const written: string[] = [];
  let writing = 0;
  const errors: unknown[] = [];
  const publisher = new StatePublisher(
    async () => {
      const { state } = subject;
      started.push({ state, at: performance.now() });
      subject.atOnce = Math.max(subject.atOnce, ++writing);
      if (duration > 0) await new Promise((end) => setTimeout(end, duration));
      else for (let round = 0; round < 10; round++) await Promise.resolve();
      writing--;
      if (subject.failures-- > 0) throw new Error('disk full');
      written.push(state);
    },
    (error) => errors.push(error),
  );
  const change = (state: string, how: 'transition' | 'counters') => {
    subject.state = state;
    publisher[how]();
  };
  return { publisher, subject, started, written, errors, change };
}

describe('StatePublisher', () => {
  it('writes a transition at once', () => {
    const { started, change } = publishing();
    change('running', 'transition');
    expect(started.map((write) => write.state)).toEqual(['running']);
  });

  it('writes a first figure at once, and more of them at most ten times a second', async () => {
    const { started, change } = publishing();
    for (let figure = 0; figure < 1_000; figure++) {
      change(`${figure}`, 'counters');
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(started[0]).toMatchObject({ state: '0' });
    expect(started.length).toBeGreaterThanOrEqual(10);
    expect(started.length).toBeLessThanOrEqual(12);
    const gaps = started.slice(1).map((write, index) => write.at - (started[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    expect(started.at(-1)?.state).toBe('999');
  });

  it('does not let a transition wait for the next turn of figures', async () => {
    const { started, change } = publishing();
    change('1', 'counters');
    await vi.advanceTimersByTimeAsync(1);
    change('2', 'counters');
    change('draining', 'transition');
    expect(started.map((write) => write.state)).toEqual(['1', 'draining']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(started).toHaveLength(2);
  });

  it('has one write at a time, and the newest state wins', async () => {
    const { started, subject, change, written } = publishing(50);
    change('a', 'transition');
    await vi.advanceTimersByTimeAsync(10);
    for (const state of ['b', 'c', 'd']) change(state, 'transition');
    await vi.advanceTimersByTimeAsync(200);
    expect(started.map((write) => write.state)).toEqual(['a', 'd']);
    expect([subject.atOnce, written]).toEqual([1, ['a', 'd']]);
  });

  it('writes figures that came during a write when their time has come', async () => {
    const { started, change } = publishing(50);
    change('a', 'transition');
    await vi.advanceTimersByTimeAsync(10);
    change('1', 'counters');
    await vi.advanceTimersByTimeAsync(200);
    expect(started.map((write) => write.at - (started[0]?.at ?? 0))).toEqual([0, 100]);
  });

  it('reports a failed write and makes good for it with the next', async () => {
    const { subject, written, errors, change, publisher } = publishing();
    subject.failures = 1;
    change('a', 'transition');
    await publisher.flush();
    expect([written, errors]).toEqual([[], [new Error('disk full')]]);
    change('b', 'counters');
    await vi.advanceTimersByTimeAsync(100);
    expect([written, errors.length]).toEqual([['b'], 1]);
  });
});

describe('StatePublisher.flush', () => {
  it('has nothing to wait for when nothing has changed', async () => {
    const { publisher, written } = publishing();
    await publisher.flush();
    expect(written).toEqual([]);
  });

  it('waits for a write under way and brings forward figures that would have waited', async () => {
    const { publisher, change, written } = publishing(50);
    change('a', 'transition');
    change('1', 'counters');
    const flushed = publisher.flush();
    await vi.advanceTimersByTimeAsync(100);
    await flushed;
    expect(written).toEqual(['a', '1']);
  });

  it.each(Array.from({ length: 20 }, (_, rounds) => rounds))(
    'has written what changed %i rounds of microtasks after the write before began',
    async (rounds) => {
      const { publisher, change, written } = publishing();
      change('a', 'transition');
      for (let round = 0; round < rounds; round++) await Promise.resolve();
      change('b', 'transition');
      await publisher.flush();
      expect(written.at(-1)).toBe('b');
    },
  );
});

describe('a closed StatePublisher', () => {
  it('writes nothing any more, whatever changes', async () => {
    const { publisher, change, started } = publishing();
    change('a', 'transition');
    change('1', 'counters');
    publisher.close();
    await vi.advanceTimersByTimeAsync(1_000);
    change('b', 'transition');
    change('2', 'counters');
    await publisher.flush();
    expect(started.map((write) => write.state)).toEqual(['a']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
