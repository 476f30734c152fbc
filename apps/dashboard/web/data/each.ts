/** Requests at a time. */
const AT_ONCE = 4;

/** Runs `work` for each item with bounded concurrency and reports each result; `undefined` is success. Never rejects. */
export async function forEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
  onDone: (item: T, error: unknown) => void,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) {
      await work(item).then(
        () => onDone(item, undefined),
        (error) => onDone(item, error),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
