/** The tables from which old rows are deleted. */
export const PRUNABLE_TABLES = ['turns', 'events', 'notices', 'deliveries'] as const;
export type PrunableTable = (typeof PRUNABLE_TABLES)[number];

/** A range of rows to prune. Times are Unix ms. */
export interface PruneStep {
  /** Rows that ended before this time are deleted. */
  readonly before: number;
  readonly now: number;
  /** The start of the range: 0, or the result of the previous step. */
  readonly after: number;
  /** Number of rows in the range. */
  readonly limit: number;
}

export interface PruneResult {
  readonly forgotten: number;
  /** The start of the next range, or `null` when all later rows are too young. */
  readonly next: number | null;
}
