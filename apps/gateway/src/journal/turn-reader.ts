import { StartupError } from '@hermes/service-kit';
import type { TurnHistory } from './turn-store.ts';

/** Read-only access to turns; the gateway need not run. */
export interface TurnReader extends TurnHistory {
  /** The number of turns that have not ended, of all owners. */
  countUnfinished(): Promise<number>;
  close(): Promise<void>;
}

/** There is no journal, or no gateway has written to it yet. */
export class NoTurnsError extends StartupError {}
