import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Looks again and again. @returns whether it came true within `bound` ms; what throws is not true yet. */
export async function comesTrue(look: () => Promise<boolean> | boolean, bound: number): Promise<boolean> {
  for (const deadline = Date.now() + bound; ; await delay(LOOK_EVERY_MS)) {
    try {
      if (await look()) return true;
    } catch {
      // Looked at again.
    }
    if (Date.now() > deadline) return false;
  }
}

/** @returns whether `promise` settled within `bound` ms. */
export async function settledWithin(promise: Promise<unknown>, bound: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(bound, false, { signal: timer.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return settled;
}
