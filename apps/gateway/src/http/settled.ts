import type { Turn } from '../turns/turn.ts';

/** Until the turn has ended, or will not start in this process, or the time (ms) is up. */
export async function settledWithin(turn: Turn, milliseconds: number): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timeout = setTimeout(resolve, milliseconds).unref();
  void turn.whenOver.then(resolve);
  await over;
  clearTimeout(timeout);
}
