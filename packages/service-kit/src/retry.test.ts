import { describe, expect, it, vi } from 'vitest';
import type { Logger } from './logger.ts';
import { DEFAULT_START_TIMEOUT, readStartTimeout, retryWhileTemporary, StoppedError } from './retry.ts';
import { StartupError } from './startup-error.ts';

const passing = (message = 'the port is taken') => new StartupError(message, { temporary: true });

/** A step that fails with each of `failures` in turn, and then succeeds. */
function step(...failures: readonly Error[]) {
  const left = [...failures];
  return vi.fn(() => {
    const failure = left.shift();
    if (failure) throw failure;
    return 'done';
  });
}

function options({ within = 60 } = {}) {
  const stop = new AbortController();
  const lines: string[] = [];
  const log = {
    warn: ({ reason }: { reason: string }) => lines.push(`in the way: ${reason}`),
    info: ({ reason }: { reason: string }) => lines.push(`passed: ${reason}`),
  } as unknown as Logger;
  const onProblem = vi.fn<(problem: Error) => void>();
  return { stop, lines, onProblem, retry: { within, stopped: stop.signal, log, onProblem } };
}

describe('a step of a start', () => {
  it('is taken once when it succeeds, and nothing is said', async () => {
    const { lines, retry } = options();
    const take = step();
    expect(await retryWhileTemporary(take, retry)).toBe('done');
    expect([take.mock.calls.length, lines]).toEqual([1, []]);
  });

  it('is retried while the failure is temporary; each reason is logged once, and each failure is reported', async () => {
    const { lines, onProblem, retry } = options();
    const take = step(passing('a'), passing('a'), passing('b'));
    expect(await retryWhileTemporary(take, retry)).toBe('done');
    expect(take).toHaveBeenCalledTimes(4);
    expect(lines).toEqual(['in the way: a', 'in the way: b', 'passed: b']);
    expect(onProblem.mock.calls.map(([problem]) => problem.message)).toEqual(['a', 'a', 'b']);
  });

  it.each([new StartupError('bad configuration'), new TypeError('a bug')])('fails at once by %s', async (error) => {
    const { lines, retry } = options();
    const take = step(error);
    await expect(retryWhileTemporary(take, retry)).rejects.toBe(error);
    expect([take.mock.calls.length, lines]).toEqual([1, []]);
  });

  it('fails by the last reason when the time is up', async () => {
    const { retry } = options({ within: 0.25 });
    let count = 0;
    const take = () => Promise.reject(passing(`attempt ${++count}`));
    await expect(retryWhileTemporary(take, retry)).rejects.toMatchObject({ temporary: true });
    expect(count).toBeGreaterThan(1);
  });

  it('is taken only once where there is no time to try again', async () => {
    const { lines, retry } = options({ within: 0 });
    const error = passing();
    await expect(retryWhileTemporary(step(error), retry)).rejects.toBe(error);
    expect(lines).toEqual([]);
  });

  it('is given up at once by a stop: while it waits, while the step hangs, and beforehand', async () => {
    const waiting = options();
    waiting.onProblem.mockImplementation(() => waiting.stop.abort());
    const take = step(passing(), passing());
    await expect(retryWhileTemporary(take, waiting.retry)).rejects.toThrow(StoppedError);
    expect(take).toHaveBeenCalledTimes(1);
    const hanging = options();
    const given = retryWhileTemporary(() => new Promise(() => undefined), hanging.retry);
    hanging.stop.abort();
    await expect(given).rejects.toThrow(StoppedError);
    const never = step();
    await expect(retryWhileTemporary(never, hanging.retry)).rejects.toThrow(StoppedError);
    expect(never).not.toHaveBeenCalled();
  });
});

describe('HERMES_START_TIMEOUT', () => {
  it.each([
    [undefined, DEFAULT_START_TIMEOUT],
    ['', DEFAULT_START_TIMEOUT],
    ['0', 0],
    ['2.5', 2.5],
    ['86400', 86_400],
  ])('%j is %d s', (text, seconds) => {
    expect(readStartTimeout({ HERMES_START_TIMEOUT: text })).toBe(seconds);
  });

  it.each(['-1', 'long', '86401', 'NaN', '1s'])('%j is refused', (text) => {
    expect(() => readStartTimeout({ HERMES_START_TIMEOUT: text })).toThrow(
      `HERMES_START_TIMEOUT: expected seconds from 0 to 86400, found "${text}"`,
    );
  });
});
