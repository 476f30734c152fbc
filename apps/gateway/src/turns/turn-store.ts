import { LRUCache } from 'lru-cache';
import type { Turn } from './turn.ts';

/** How many ended turns can be asked for afterwards, for how long, and in how much memory. */
const RETENTION = { max: 10_000, ttl: 3_600_000, maxSize: 64 * 1024 * 1024 };

/** What a turn costs beside its text, in bytes, roughly. */
const TURN_OVERHEAD = 1_024;

/** Every turn that has not ended, and the ended ones for a while. */
export class TurnStore {
  readonly #open = new Map<string, Turn>();
  readonly #byMessage = new Map<string, Turn>();
  readonly #ended = new LRUCache<string, Turn>({
    ...RETENTION,
    sizeCalculation: (turn) => TURN_OVERHEAD + 2 * (turn.message.text.length + turn.reply.length),
    dispose: (turn) => this.#forgetMessage(turn),
  });

  /** Turns that have not ended. */
  get open(): number {
    return this.#open.size;
  }

  add(turn: Turn): void {
    this.#open.set(turn.id, turn);
    const key = messageKey(turn.message.session, turn.message.messageId);
    if (key !== undefined) this.#byMessage.set(key, turn);
    void turn.whenSettled.then(() => {
      this.#open.delete(turn.id);
      this.#ended.set(turn.id, turn);
      // A turn that is larger than all the room there is was not kept.
      if (!this.#ended.has(turn.id)) this.#forgetMessage(turn);
    });
  }

  find(id: string): Turn | undefined {
    return this.#open.get(id) ?? this.#ended.get(id);
  }

  /** The turn of the same message, if it came before. */
  findMessage(session: string, messageId: string | undefined): Turn | undefined {
    const key = messageKey(session, messageId);
    const turn = key === undefined ? undefined : this.#byMessage.get(key);
    return turn && this.find(turn.id);
  }

  #forgetMessage(turn: Turn): void {
    const key = messageKey(turn.message.session, turn.message.messageId);
    if (key !== undefined) this.#byMessage.delete(key);
  }
}

function messageKey(session: string, messageId: string | undefined): string | undefined {
  return messageId === undefined ? undefined : JSON.stringify([session, messageId]);
}
