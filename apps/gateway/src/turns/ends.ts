import type { Logger } from '@hermes/service-kit';
import type { Announcement } from '../journal/event-store.ts';
import { NO_SUCH_TURN, type TurnEnd, type TurnStore } from '../journal/turn-store.ts';
import type { EventComposer } from '../notices/event-composer.ts';
import type { StorageHealth } from '../storage/storage-health.ts';
import type { Turn } from './turn.ts';
import { viewEnd } from './view.ts';

/** Retry delay for an end that could not be stored, in ms. */
const RETRY_MS = 1_000;

export interface EndsParts {
  /** @throws as {@link TurnStore.end}. */
  storeEnd(turn: Turn, end: TurnEnd, announcement: Announcement): Promise<unknown>;
  readonly eventComposer: EventComposer;
  readonly storage: StorageHealth;
  readonly log: Logger;
}

/** An end is stored, left to the next process, or refused: this process has no such open turn in the journal. */
export type EndOutcome = 'stored' | 'left' | 'gone';

/**
 * Stores the ends of turns. An end is not published before it is stored: otherwise a restart would run the turn again,
 * and a second answer could follow the first. While an end cannot be stored, the storage has a problem.
 */
export class Ends {
  readonly #parts: EndsParts;
  /** Turns whose end is not stored, with the pending result; and those of them for which a try has failed. */
  readonly #pending = new Map<Turn, Promise<EndOutcome>>();
  readonly #failed = new Set<Turn>();
  /** Those that belong to other processes since. */
  readonly #abandoned = new WeakSet<Turn>();
  #isLeaving = false;
  #retry: PromiseWithResolvers<void> | undefined;

  constructor(parts: EndsParts) {
    this.#parts = parts;
  }

  /** Retries until the end is stored or refused, or is left to the next process. Never rejects. */
  store(turn: Turn, end: TurnEnd): Promise<EndOutcome> {
    const storing = this.#store(turn, end);
    this.#pending.set(turn, storing);
    return storing;
  }

  /** Ends that are not stored are not of this process any more: they count as refused. */
  abandon(): void {
    for (const turn of this.#pending.keys()) this.#abandoned.add(turn);
    this.#retry?.resolve();
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

  async #store(turn: Turn, end: TurnEnd): Promise<EndOutcome> {
    this.#abandoned.delete(turn);
    for (;;) {
      const outcome = await this.#tryUnlessAbandoned(turn, end);
      if (outcome !== undefined) {
        this.#pending.delete(turn);
        return outcome;
      }
      if (this.#isLeaving) return 'left';
      await this.#untilRetry();
    }
  }

  async #tryUnlessAbandoned(turn: Turn, end: TurnEnd): Promise<EndOutcome | undefined> {
    const outcome = this.#abandoned.has(turn) ? undefined : await this.#try(turn, end);
    if (outcome !== undefined || !this.#abandoned.has(turn)) return outcome;
    this.#succeed(turn);
    return 'gone';
  }

  /** @returns `undefined` if it failed, and may succeed later. */
  async #try(turn: Turn, end: TurnEnd): Promise<EndOutcome | undefined> {
    const { eventComposer, log } = this.#parts;
    const { session } = turn.message;
    let outcome: EndOutcome = 'stored';
    try {
      await this.#parts.storeEnd(turn, end, eventComposer.turnEnded(session, viewEnd(turn, end), end.endedAt));
    } catch (error) {
      if ((error as { code?: unknown }).code !== NO_SUCH_TURN) return this.#fail(turn, error);
      // A commit succeeded although it was reported as failed, or another gateway has the turn.
      log.warn({ err: error, turn_id: turn.id, session }, 'the journal has no open turn of this gateway with this id');
      outcome = 'gone';
    }
    this.#succeed(turn);
    eventComposer.stored(session);
    return outcome;
  }

  #fail(turn: Turn, error: unknown): undefined {
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
    return undefined;
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
