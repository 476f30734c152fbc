import type { Logger } from '@hermes/service-kit';
import type { Fleet } from '../journal/fleet.ts';
import type { TurnStore } from '../journal/turn-store.ts';

/** Looks between two checks: by then, an answer of the journal that is under way has arrived or is lost. */
const LOOKS = 10;

export interface StuckTurnsParts {
  readonly journal: Pick<TurnStore, 'cutOffTurns'>;
  readonly fleet: Pick<Fleet, 'giveBack'>;
  readonly log: Logger;
  /** Whether this process runs the turn, or stores its end. */
  isHere(id: string): boolean;
}

/**
 * Finds turns that this gateway owns in the journal and does not run: the journal's answer was lost with the connection.
 * Nothing of them has happened here, so they go back to those that wait.
 */
export class StuckTurns {
  readonly #parts: StuckTurnsParts;
  readonly #expected = new Set<string>();
  #suspects: ReadonlySet<string> = new Set();
  #looks = 0;

  constructor(parts: StuckTurnsParts) {
    this.#parts = parts;
  }

  /** The turn is dealt with elsewhere. */
  expect(id: string): void {
    this.#expected.add(id);
  }

  forget(id: string): void {
    this.#expected.delete(id);
  }

  /** Call it every second. @throws the error of the journal. */
  async look(): Promise<void> {
    this.#looks += 1;
    if (this.#looks % LOOKS !== 0) return;
    const owned = new Set((await this.#parts.journal.cutOffTurns()).map(({ turn }) => turn));
    for (const id of this.#expected) if (!owned.has(id)) this.#expected.delete(id);
    const unknown = owned.difference(this.#expected);
    const stuck = new Set<string>();
    for (const id of unknown) if (!this.#parts.isHere(id)) stuck.add(id);
    for (const id of stuck) {
      if (!this.#suspects.has(id)) continue;
      this.#parts.log.warn({ turn_id: id }, 'the journal says that a turn runs here, and it does not: it waits again');
      await this.#parts.fleet.giveBack(id, 0);
    }
    this.#suspects = stuck;
  }
}
