import type { TurnStore } from '../journal/turn-store.ts';
import type { TurnEngine } from './engine.ts';

/** Turns that are read at a time. */
const PAGE = 1_000;

/** Puts what the process before left behind in its place, and opens the engine to messages. @throws what the journal throws */
export async function recover(engine: TurnEngine, journal: TurnStore): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await journal.unfinished(after, PAGE);
    engine.takeOver(page);
    after = page.length === PAGE ? page.at(-1)?.seq : undefined;
  }
  engine.acceptMessages();
}
