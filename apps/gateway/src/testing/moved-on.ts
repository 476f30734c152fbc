import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many turns of the event loop it takes until a write is committed and everybody who waited for it has acted. */
const TURNS = 6;

/** Resolves when the journal has been written and the engine has gone on from there. */
export async function movedOn(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}
