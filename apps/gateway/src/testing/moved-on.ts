import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns of the event loop until a write is committed and all callers that wait for it have continued. */
const TURNS = 6;

/** Resolves when the journal has been written and the engine has gone on from there. */
export async function movedOn(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}
