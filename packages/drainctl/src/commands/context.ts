import type { DashboardApi } from '@hermes/dashboard-client';
import type { Reporter } from '../output/reporter.ts';
import type { Pasteable } from '../settings/paste.ts';

/** The context of every command. */
export interface Context {
  readonly api: DashboardApi;
  readonly reporter: Reporter;
  /** Aborted when a signal requests a shutdown. */
  readonly signal: AbortSignal;
  /** A `drainctl` command line on the same dashboard and profile. */
  readonly paste: Pasteable;
  /** From now on another process handles signals. */
  readonly handOver: () => void;
  /** The lines to print if a signal ends the command now. */
  leaving: readonly string[];
}
