import type { Turn } from './turn.ts';

/**
 * The turns that have not ended, by id and by message, each with the promise of its store operation until that settles.
 */
export class OpenTurns {
  readonly #byId = new Map<string, Turn>();
  readonly #byMessage = new Map<string, Turn>();
  readonly #stored = new WeakMap<Turn, Promise<void>>();

  get size(): number {
    return this.#byId.size;
  }

  /** @param stored rejects when the turn could not be stored; the turn is then dropped. */
  add(turn: Turn, stored: Promise<void>): void {
    const { session, messageId } = turn.message;
    this.#byId.set(turn.id, turn);
    if (messageId !== undefined) this.#byMessage.set(messageKey(session, messageId), turn);
    this.#stored.set(turn, stored);
    stored.then(
      () => this.#stored.delete(turn),
      () => this.remove(turn),
    );
  }

  has(turn: Turn): boolean {
    return this.#byId.has(turn.id);
  }

  find(id: string): Turn | undefined {
    return this.#byId.get(id);
  }

  findMessage(session: string, messageId: string | undefined): Turn | undefined {
    return messageId === undefined ? undefined : this.#byMessage.get(messageKey(session, messageId));
  }

  /** @throws the error of storing the turn. */
  async whenStored(turn: Turn): Promise<void> {
    await this.#stored.get(turn);
  }

  remove(turn: Turn): void {
    const { session, messageId } = turn.message;
    this.#byId.delete(turn.id);
    if (messageId !== undefined) this.#byMessage.delete(messageKey(session, messageId));
  }
}

function messageKey(session: string, messageId: string): string {
  return JSON.stringify([session, messageId]);
}
