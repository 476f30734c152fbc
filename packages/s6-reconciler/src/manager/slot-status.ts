import type { ServiceState, ServiceStatus } from '@hermes/drain-contract';
import type { SupervisedStatus } from '../s6/status.ts';

/** One gateway's slot: a service as s6 has it. */
export interface SlotStatus extends ServiceStatus {
  /** Absolute path of the service directory. */
  readonly slot: string;
  /** Whether an s6-supervise runs in it. */
  readonly supervised: boolean;
  /** Whether the supervisor keeps it up. */
  readonly wanted_up: boolean;
}

/** The state of a supervised slot whose operator wants it `desired`, as far as that is known. */
export function slotState(status: SupervisedStatus, desired: 'running' | 'stopped' | undefined): ServiceState {
  const { up, ready, wantedUp, normallyUp, signal } = status;
  if (up) return wantedUp ? (ready ? 'running' : 'starting') : 'stopping';
  if (wantedUp) return 'starting';
  // A gateway that SIGTERM has ended has not failed: it is being restarted.
  if (signal === 'SIGTERM') return 'stopped';
  return (desired === undefined ? normallyUp : desired === 'running') ? 'failed' : 'stopped';
}
