const tails = new Map<string, Promise<unknown>>();

/** Runs the tasks for one `key` one after another, in the order of the calls. A failed task does not stop the next. */
export function inOrder<T>(key: string, task: () => Promise<T>): Promise<T> {
  const result = (tails.get(key) ?? Promise.resolve()).then(task);
  const tail = result
    .catch(() => undefined)
    .finally(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
  tails.set(key, tail);
  return result;
}
