/** The longest time a timer can have. */
const LONGEST_MS = 2 ** 31 - 1;

/** What `work` gives. @throws Error when that takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const bound = Math.min(ms, LONGEST_MS);
  const timer = setTimeout(() => late.reject(new Error(`no end within ${Math.round(bound / 1_000)} s`)), bound).unref();
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
