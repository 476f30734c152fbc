/** What is forgotten when it is old. */
export const PRUNABLE_TABLES = ['turns', 'events', 'notices', 'deliveries'] as const;
export type PrunableTable = (typeof PRUNABLE_TABLES)[number];

/** A look at some rows of a table, to forget the old ones among them. Times are Unix ms. */
export interface PruneStep {
  /** What was over before then is forgotten. */
  readonly before: number;
  readonly now: number;
  /** Where the look begins: 0, or what the step before said. */
  readonly after: number;
  /** How many rows are looked at. */
  readonly limit: number;
}

export interface PruneResult {
  readonly forgotten: number;
  /** Where the next step begins, or `null` when what follows is too young. */
  readonly next: number | null;
}
