import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

describe('inOrder', () => {
  it('starts a task of a key when the one before has ended, in the order of the calls', async () => {
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all(['a', 'b', 'c'].map((name) => inOrder('one key', task(name))));
    expect(results).toEqual(['a', 'b', 'c']);
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets tasks of different keys run at the same time', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const first = inOrder('x', () => released);
    await expect(inOrder('y', async () => 'not held up')).resolves.toBe('not held up');
    release();
    await first;
  });

  it('gives a failure to its caller and goes on with the next task', async () => {
    const failed = inOrder('z', () => Promise.reject(new Error('broken')));
    const thrown = inOrder('z', () => {
      throw new Error('thrown');
    });
    const next = inOrder('z', async () => 'done');
    await expect(failed).rejects.toThrow('broken');
    await expect(thrown).rejects.toThrow('thrown');
    await expect(next).resolves.toBe('done');
  });

  it('serves a key again that has come to rest', async () => {
    await inOrder('again', async () => 1);
    await expect(inOrder('again', async () => 2)).resolves.toBe(2);
  });
});
