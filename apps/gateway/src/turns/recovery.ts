import type { TurnStore } from '../journal/turn-store.ts';
import type { TurnEngine } from './engine.ts';

/** Number of turns that are read at a time. */
const PAGE = 1_000;

/** Recovers the turns of the previous process, and lets the engine accept messages. @throws the error of the journal */
export async function recover(engine: TurnEngine, journal: TurnStore): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await journal.unfinished(after, PAGE);
    engine.takeOver(page);
    after = page.length === PAGE ? page.at(-1)?.seq : undefined;
  }
  engine.acceptMessages();
}
