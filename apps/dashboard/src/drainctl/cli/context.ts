import type { DashboardApi } from '../http/api.ts';
import type { Reporter } from '../output/reporter.ts';

/** What every command works with. */
export interface Context {
  readonly api: DashboardApi;
  readonly reporter: Reporter;
  /** Aborted when a signal tells us to leave. */
  readonly signal: AbortSignal;
  /** From now on signals are somebody else's. */
  readonly handOver: () => void;
  /** What to say if we have to leave now. */
  leaving: readonly string[];
}
