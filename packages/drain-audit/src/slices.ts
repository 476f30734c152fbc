import { setImmediate } from 'node:timers/promises';

/** How long a task may occupy the event loop at a time, in ms. */
const SLICE_MS = 5;

let turns: Promise<unknown> = Promise.resolve();

/**
 * For a task that takes long: awaited at each step, the result leaves the event loop to others every few ms. However many
 * such tasks there are, one slice of one of them runs in a turn of the event loop.
 */
export function inSlices(): () => Promise<void> {
  let end = 0;
  return async () => {
    if (performance.now() < end) return;
    turns = turns.then(() => setImmediate());
    await turns;
    end = performance.now() + SLICE_MS;
  };
}
