import { join } from 'node:path';
import { JOURNAL_FILENAME } from '@hermes/drain-contract';
import { SqliteTurnReader } from './sqlite/turn-reader.ts';
import type { TurnReader } from './turn-reader.ts';

/**
 * The turns of the gateway in `home`. @throws NoTurnsError if no gateway has run there yet, StartupError if they cannot
 * be read.
 */
export function openTurnReader(home: string): TurnReader {
  return new SqliteTurnReader(join(home, JOURNAL_FILENAME));
}
