import { describe, expect, it } from 'vitest';
import { inOrder, QueueTimeoutError } from './in-order.ts';

/** Nothing here waits for so long unless something is wrong. */
const BOUND_MS = 120_000;

describe('inOrder', () => {
  it('starts a task of a key when the one before has ended, in the order of the calls', async () => {
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all(['a', 'b', 'c'].map((name) => inOrder('one key', BOUND_MS, task(name))));
    expect(results).toEqual(['a', 'b', 'c']);
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets tasks of different keys run at the same time', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const first = inOrder('x', BOUND_MS, () => released);
    await expect(inOrder('y', BOUND_MS, async () => 'not held up')).resolves.toBe('not held up');
    release();
    await first;
  });

  it('rejects for the caller of a failed task and runs the next task', async () => {
    const failed = inOrder('z', BOUND_MS, () => Promise.reject(new Error('broken')));
    const thrown = inOrder('z', BOUND_MS, () => {
      throw new Error('thrown');
    });
    const next = inOrder('z', BOUND_MS, async () => 'done');
    await expect(failed).rejects.toThrow('broken');
    await expect(thrown).rejects.toThrow('thrown');
    await expect(next).resolves.toBe('done');
  });

  it('does not start a task after its timeout, and runs the next', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const started: string[] = [];
    const first = inOrder('w', BOUND_MS, () => released);
    const late = inOrder('w', 1, async () => started.push('late'));
    const next = inOrder('w', BOUND_MS, async () => started.push('next'));
    await expect(late).rejects.toThrow(QueueTimeoutError);
    release();
    await Promise.all([first, next]);
    expect(started).toEqual(['next']);
  });

  it('serves a key again that has come to rest', async () => {
    await inOrder('again', BOUND_MS, async () => 1);
    await expect(inOrder('again', BOUND_MS, async () => 2)).resolves.toBe(2);
  });
});
