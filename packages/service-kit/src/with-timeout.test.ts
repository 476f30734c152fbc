import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimeoutError, withTimeout } from './with-timeout.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const never = (): Promise<never> => new Promise(() => undefined);

describe('withTimeout', () => {
  it('gives what the work gives, and leaves no timer', async () => {
    expect(await withTimeout(Promise.resolve('answer'), 1_000)).toBe('answer');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with the error of the work, and leaves no timer', async () => {
    await expect(withTimeout(Promise.reject(new Error('broken')), 1_000, () => 'late')).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with a TimeoutError when the time is up', async () => {
    const late = expect(withTimeout(never(), 90_000)).rejects.toThrow(
      expect.objectContaining({ name: 'TimeoutError', message: 'expected an end within 90 s, found none' }),
    );
    await vi.advanceTimersByTimeAsync(90_000);
    await late;
  });

  it('gives what onTimeout gives when the time is up, and not before', async () => {
    const onTimeout = vi.fn(() => 'late');
    const late = withTimeout(never(), 250, onTimeout);
    await vi.advanceTimersByTimeAsync(249);
    expect(onTimeout).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toBe('late');
  });

  it('rejects with what onTimeout throws', async () => {
    const late = expect(
      withTimeout(never(), 250, () => {
        throw new TypeError('mine');
      }),
    ).rejects.toThrow(TypeError);
    await vi.advanceTimersByTimeAsync(250);
    await late;
  });

  it('drops an error that comes after the time', async () => {
    const work = Promise.withResolvers<never>();
    const late = withTimeout(work.promise, 250, () => 'late');
    await vi.advanceTimersByTimeAsync(250);
    expect(await late).toBe('late');
    // An unhandled rejection fails the test run.
    work.reject(new Error('too late'));
  });

  it('waits for the longest time that a timer can have when it is given a longer one', async () => {
    const onTimeout = vi.fn();
    const late = withTimeout(never(), Number.POSITIVE_INFINITY, onTimeout);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(onTimeout).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2 ** 31);
    await late;
    expect(onTimeout).toHaveBeenCalledOnce();
  });

  it('keeps no process alive', () => {
    vi.useRealTimers();
    const before = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    void withTimeout(never(), 60_000, () => undefined);
    expect(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout')).toHaveLength(before);
  });

  it('says milliseconds of a time under a second', () => {
    expect(new TimeoutError(250).message).toBe('expected an end within 250 ms, found none');
  });
});
