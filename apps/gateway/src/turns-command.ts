import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProfile } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { openForReading } from './journal/open-database.ts';
import { JOURNAL_FILENAME, type TurnQuery, type TurnRecord } from './journal/records.ts';
import { queryTurns } from './journal/sqlite-journal.ts';
import { viewRecordInFull } from './turns/view.ts';

export interface TurnsOptions extends TurnQuery {
  readonly profile: string;
  readonly json: boolean;
}

/** Looks into the journal of a profile, whether its gateway runs or not. @returns what to print. @throws StartupError */
export function showTurns(options: TurnsOptions): string {
  const { home } = findProfile(options.profile);
  const path = join(home, JOURNAL_FILENAME);
  if (!existsSync(path)) throw new StartupError(`no journal ${path}: no gateway has run there yet`);
  const database = openForReading(path);
  try {
    const turns = queryTurns(database, options);
    return turns.map((turn) => (options.json ? JSON.stringify(viewRecordInFull(turn)) : line(turn))).join('\n');
  } finally {
    database.close();
  }
}

const TEXT_WIDTH = 50;

function line(turn: TurnRecord): string {
  const accepted = new Date(turn.acceptedAt).toISOString();
  const took = turn.startedAt !== null && turn.endedAt !== null ? `${turn.endedAt - turn.startedAt} ms` : '-';
  const said = [turn.session, turn.text].map((text) => onOneLine(text));
  return [accepted, turn.status.padEnd(11), took.padStart(9), turn.id, ...said].join('  ');
}

/** What strangers wrote must not move the cursor of whoever reads it. */
export function onOneLine(text: string): string {
  const plain = text.slice(0, TEXT_WIDTH + 1).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ');
  return plain.length > TEXT_WIDTH ? `${plain.slice(0, TEXT_WIDTH)}…` : plain;
}
