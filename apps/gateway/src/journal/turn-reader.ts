import { StartupError } from '@hermes/service-kit';
import type { TurnHistory } from './turn-store.ts';

/** Turns as they are read beside the gateway, whether it runs or not. Changes nothing. */
export interface TurnReader extends TurnHistory {
  /** How many turns have not ended, of all owners. */
  countUnfinished(): Promise<number>;
  close(): Promise<void>;
}

/** There is no journal, or no gateway has written to it yet. */
export class NoTurnsError extends StartupError {}
