import type { DeliveryStore } from './delivery-store.ts';
import type { EventStore } from './event-store.ts';
import type { NoticeStore } from './notice-store.ts';
import type { PrunableTable, PruneResult, PruneStep } from './pruning.ts';
import type { TurnStore } from './turn-store.ts';

/**
 * What a gateway must not forget. A promise that writes is fulfilled when the write would survive a power cut, and
 * rejects when nothing was written. Writes take effect in the order of the calls, and calls are answered in the order
 * in which they took effect: nobody reads what is older than an answer that has been given.
 */
export interface Journal extends TurnStore, EventStore, NoticeStore, DeliveryStore {
  /** What tells this journal apart from a later one at its place: 12 hexadecimal digits. */
  identity(): Promise<string>;
  /** Forgets, among some rows, what is old: turns that ended, events, notices taken back, deliveries given up. */
  prune(table: PrunableTable, step: PruneStep): Promise<PruneResult>;
  /** Writes something that changes nothing. Rejects while nothing can be written. */
  probe(): Promise<void>;
  /** Commits since the start, for metrics. */
  readonly commits: number;
  /** Writes what is pending and closes. Later writes reject. */
  close(): Promise<void>;
}
