import type { Fleet } from '../journal/fleet.ts';
import type { Turn } from './turn.ts';

/** Sends the replies of turns that run here, as they grow, to gateways whose clients read them. */
export class Replies {
  readonly #fleet: Pick<Fleet, 'sendPiece'>;
  readonly #sending = new Map<string, AbortController>();

  constructor(fleet: Pick<Fleet, 'sendPiece'>) {
    this.#fleet = fleet;
  }

  /** Sends the reply of a turn from its beginning: the gateways that have a part of it skip that. Never rejects. */
  async send(turn: Turn): Promise<void> {
    const stop = new AbortController();
    this.#sending.get(turn.id)?.abort();
    this.#sending.set(turn.id, stop);
    let offset = 0;
    for await (const text of turn.chunks(stop.signal)) {
      this.#fleet.sendPiece({ turn: turn.id, attempt: turn.attempts, offset, text });
      offset += text.length;
    }
    if (this.#sending.get(turn.id) === stop) this.#sending.delete(turn.id);
  }
}
