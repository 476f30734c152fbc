import type { Timeline } from '../model/timeline.ts';
import { nextToSend, sending, stored, unsent } from '../model/timeline.ts';
import type { TurnView } from '../model/wire.ts';
import { type Api, ApiError } from './api.ts';
import { pause } from './pause.ts';
import type { Store } from './store.ts';

/** Attempts for a message until it counts as not sent: some minutes. */
const MAX_ATTEMPTS = 30;

export interface OutboxParts {
  readonly api: Pick<Api, 'send'>;
  readonly session: string;
  readonly timeline: Store<Timeline>;
  readonly signal: AbortSignal;
  onUnauthorized(): void;
  /** Called when a message is stored. */
  onStored(): void;
}

/** Sends the messages of a session one by one, and again while the gateway is away. */
export class Outbox {
  readonly #parts: OutboxParts;
  #isBusy = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Sends what waits. */
  async send(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#next(); next && !this.#parts.signal.aborted; next = this.#next()) {
        await this.#sendOne({ messageId: next.key, text: next.text, pictures: next.pictures });
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #next() {
    return nextToSend(this.#parts.timeline.read());
  }

  async #sendOne(message: Pick<Parameters<Api['send']>[0], 'messageId' | 'text' | 'pictures'>): Promise<void> {
    const { api, session, timeline, signal, onStored, onUnauthorized } = this.#parts;
    const { messageId } = message;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const answer: TurnView | ApiError = await api
        .send({ session, ...message }, signal)
        .catch((error: ApiError) => error);
      if (signal.aborted) return;
      if (!(answer instanceof ApiError)) {
        timeline.set(stored(timeline.read(), messageId, answer));
        return onStored();
      }
      const { kind, text } = answer.failure;
      if (kind !== 'passing' || attempt >= MAX_ATTEMPTS) {
        timeline.set(unsent(timeline.read(), messageId, text));
        if (kind === 'unauthorized') onUnauthorized();
        return;
      }
      timeline.set(sending(timeline.read(), messageId, text));
      await pause(attempt, signal);
    }
  }
}
