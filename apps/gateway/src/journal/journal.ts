import type { DeliveryStore } from './delivery-store.ts';
import type { EventStore } from './event-store.ts';
import type { Fleet } from './fleet.ts';
import type { NoticeStore } from './notice-store.ts';
import type { PrunableTable, PruneResult, PruneStep } from './pruning.ts';
import type { TurnStore } from './turn-store.ts';

/**
 * The durable state of a gateway. A promise of a write resolves when the write would survive a power cut, and rejects
 * when nothing was written. Writes take effect in the order of the calls, and calls are answered in the order in which
 * they took effect: no reader gets data that is older than an earlier answer.
 */
export interface Journal extends TurnStore, EventStore, NoticeStore, DeliveryStore {
  /** The id of this journal, different from that of a later one at the same path: 12 hexadecimal digits. */
  identity(): Promise<string>;
  /** Deletes old rows in a range: ended turns, events, notices of ended drains, failed deliveries. */
  prune(table: PrunableTable, step: PruneStep): Promise<PruneResult>;
  /** A write that changes nothing. Rejects while writes fail. */
  probe(): Promise<void>;
  /** The other gateways of a journal that several share; `undefined` for a journal of one gateway. */
  readonly fleet?: Fleet | undefined;
  /** Commits since the start, for metrics. */
  readonly commits: number;
  /** Writes what is pending and closes. Later writes reject. */
  close(): Promise<void>;
}
