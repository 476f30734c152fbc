import type { SupervisedStatus } from '../s6/status.ts';

/** What a slot is doing. */
export type SlotState =
  /** No s6-supervise runs in it. */
  | 'unsupervised'
  | 'down'
  /** On its way up: not ready yet, or between two attempts. */
  | 'starting'
  /** Up, and it has said that it is ready. */
  | 'up'
  /** On its way down: its turns may be finishing. */
  | 'stopping'
  /** Meant to run, but its finish script asked not to start it again. */
  | 'failed';

/** One gateway's slot, as the supervisor and the operator see it. */
export interface SlotStatus {
  readonly profile: string;
  /** Absolute path of the service directory. */
  readonly slot: string;
  readonly supervised: boolean;
  readonly state: SlotState;
  readonly ready: boolean;
  /** Whether the supervisor keeps it up. */
  readonly wanted_up: boolean;
  readonly pid: number | null;
  /** Exit status of its last process, while it is down. */
  readonly exit_code: number | null;
  /** Signal that ended its last process, while it is down. */
  readonly signal: string | null;
  /** For how long it has been up or down. */
  readonly seconds: number;
}

/** The state of a supervised slot whose operator wants it `desired`, as far as that is known. */
export function slotState(status: SupervisedStatus, desired: 'running' | 'stopped' | undefined): SlotState {
  const { up, ready, wantedUp, normallyUp, signal } = status;
  if (up) return wantedUp ? (ready ? 'up' : 'starting') : 'stopping';
  if (wantedUp) return 'starting';
  // A gateway that SIGTERM has ended has not failed: it is being restarted.
  if (signal === 'SIGTERM') return 'down';
  return (desired === undefined ? normallyUp : desired === 'running') ? 'failed' : 'down';
}
