import type { Logger } from '@hermes/service-kit';
import { NO_SUCH_TURN, type TurnEnd, type TurnStore } from '../journal/turn-store.ts';
import type { EventComposer } from '../notices/event-composer.ts';
import type { StorageHealth } from '../storage/storage-health.ts';
import type { Turn } from './turn.ts';
import { viewEnd } from './view.ts';

/** Retry delay for an end that could not be stored, in ms. */
const RETRY_MS = 1_000;

export interface EndsParts {
  readonly journal: TurnStore;
  readonly eventComposer: EventComposer;
  readonly storage: StorageHealth;
  readonly log: Logger;
}

/**
 * Stores the ends of turns. An end is not published before it is stored: otherwise a restart would run the turn again,
 * and a second answer could follow the first. While an end cannot be stored, the storage has a problem.
 */
export class Ends {
  readonly #parts: EndsParts;
  /** Turns whose end is not stored, with the pending result; and those of them for which a try has failed. */
  readonly #pending = new Map<Turn, Promise<boolean>>();
  readonly #failed = new Set<Turn>();
  #isLeaving = false;
  #retry: PromiseWithResolvers<void> | undefined;

  constructor(parts: EndsParts) {
    this.#parts = parts;
  }

  /** Retries until the end is stored, or is left to the next process. Never rejects. @returns whether it is stored. */
  store(turn: Turn, end: TurnEnd): Promise<boolean> {
    const storing = this.#store(turn, end);
    this.#pending.set(turn, storing);
    return storing;
  }

  /** Tries once more now, and leaves ends that fail to the next process. Resolves after that. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    this.#retry?.resolve();
    await Promise.all(this.#pending.values());
  }

  /** The ids of turns whose end is not stored. */
  get unstored(): string[] {
    return [...this.#pending.keys()].map(({ id }) => id);
  }

  async #store(turn: Turn, end: TurnEnd): Promise<boolean> {
    while (!(await this.#try(turn, end))) {
      if (this.#isLeaving) return false;
      await this.#untilRetry();
    }
    this.#pending.delete(turn);
    return true;
  }

  async #try(turn: Turn, end: TurnEnd): Promise<boolean> {
    const { eventComposer, journal, log } = this.#parts;
    const { session } = turn.message;
    try {
      await journal.end(turn.id, end, eventComposer.turnEnded(session, viewEnd(turn, end), end.endedAt));
    } catch (error) {
      if ((error as { code?: unknown }).code !== NO_SUCH_TURN) return this.#fail(turn, error);
      // Most likely, a commit succeeded although it was reported as failed.
      log.warn(
        { err: error, turn_id: turn.id, session },
        'the journal has no open turn with this id; the turn counts as ended',
      );
    }
    this.#succeed(turn);
    eventComposer.stored(session);
    return true;
  }

  #fail(turn: Turn, error: unknown): false {
    const { log, storage } = this.#parts;
    if (!this.#failed.has(turn)) {
      log.error(
        { err: error, turn_id: turn.id },
        'the result of a turn could not be stored; retrying, its answer waits',
      );
    }
    this.#failed.add(turn);
    storage.report(
      'turn-ends',
      `the journal cannot be written: ${(error as Error).message}; free some space, or check the disk`,
    );
    return false;
  }

  #succeed(turn: Turn): void {
    if (this.#failed.delete(turn) && this.#failed.size === 0) this.#parts.storage.report('turn-ends', undefined);
  }

  /** One timer for all retries. */
  #untilRetry(): Promise<void> {
    if (this.#retry === undefined) {
      const retry = Promise.withResolvers<void>();
      this.#retry = retry;
      const timer = setTimeout(retry.resolve, RETRY_MS).unref();
      void retry.promise.then(() => {
        clearTimeout(timer);
        this.#retry = undefined;
      });
    }
    return this.#retry.promise;
  }
}
