/** The tasks that wait for each key that has one running, in the order of the calls. */
const queues = new Map<string, Set<() => void>>();

/** A task timed out before its start; it is never started. */
export class QueueTimeoutError extends Error {}

/**
 * Runs the tasks for one `key` one after another, in the order of the calls. A failed task does not stop the next.
 * @param waitMs how long a task may wait for its start, in ms. @throws QueueTimeoutError when that was not enough.
 */
export async function inOrder<T>(key: string, waitMs: number, task: () => Promise<T>): Promise<T> {
  const leave = await enterQueue(key, waitMs);
  try {
    return await task();
  } finally {
    leave();
  }
}

/** Waits for the turn of the caller, as {@link inOrder}. @returns what ends that turn; to be called once. @throws QueueTimeoutError. */
export async function enterQueue(key: string, waitMs: number): Promise<() => void> {
  await start(key, waitMs);
  return () => startNext(key);
}

async function start(key: string, waitMs: number): Promise<void> {
  const waiting = queues.get(key);
  if (!waiting) {
    queues.set(key, new Set());
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const begin = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      waiting.delete(begin);
      reject(new QueueTimeoutError(`waited ${waitMs} ms for the tasks before`));
    }, waitMs);
    waiting.add(begin);
  });
}

function startNext(key: string): void {
  const waiting = queues.get(key);
  const [next] = waiting ?? [];
  if (!next) {
    queues.delete(key);
    return;
  }
  waiting?.delete(next);
  next();
}
