import type { SlotView } from '../profiles/schemas.ts';

/** A slot of the supervisor, in the words of the service manager. */
export interface SlotStatus extends SlotView {
  readonly profile: string;
  /** Absolute path of its service directory. */
  readonly slot: string;
  readonly supervised: boolean;
  readonly wanted_up: boolean;
}

/** What the dashboard needs of a service manager. Every method rejects with an error that has a `code`. */
export interface Supervisor {
  status(profile: string): Promise<SlotStatus>;
  list(): Promise<SlotStatus[]>;
  /** Down within its timeout, then up; waits until it is ready. */
  restart(profile: string): Promise<SlotStatus>;
}
