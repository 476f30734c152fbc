import type { DashboardApi } from '@hermes/dashboard-client';
import type { Reporter } from '../output/reporter.ts';
import type { Pasteable } from '../settings/paste.ts';

/** What every command works with. */
export interface Context {
  readonly api: DashboardApi;
  readonly reporter: Reporter;
  /** Aborted when a signal tells us to leave. */
  readonly signal: AbortSignal;
  /** A `drainctl` command line on the same dashboard and profile. */
  readonly paste: Pasteable;
  /** From now on another process handles signals. */
  readonly handOver: () => void;
  /** What to say if we have to leave now. */
  leaving: readonly string[];
}
