import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProfile, visibleJson, visibleText } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { databaseError, openForReading } from './journal/open-database.ts';
import { JOURNAL_FILENAME, type TurnQuery, type TurnRecord } from './journal/records.ts';
import { hasTurns, queryTurns } from './journal/sqlite-journal.ts';
import { viewRecordInFull } from './turns/view.ts';

export interface TurnsOptions extends TurnQuery {
  readonly profile: string;
  readonly json: boolean;
}

/** Looks into the journal of a profile, whether its gateway runs or not. @returns the lines to print. @throws StartupError */
export function* showTurns(options: TurnsOptions): Generator<string, void, undefined> {
  const { home } = findProfile(options.profile);
  const path = join(home, JOURNAL_FILENAME);
  if (!existsSync(path)) throw new StartupError(`no journal ${path}: no gateway has run there yet`);
  const database = openForReading(path);
  try {
    if (!hasTurns(database)) throw new StartupError(`no turns in the journal ${path}: it is empty`);
    for (const turn of queryTurns(database, options)) {
      yield options.json ? visibleJson(viewRecordInFull(turn)) : formatTurn(turn);
    }
  } catch (error) {
    throw databaseError(path, error);
  } finally {
    database.close();
  }
}

const TEXT_WIDTH = 50;
const ISO_WIDTH = new Date(0).toISOString().length;

/** One line. What strangers wrote must not move the cursor of the person who reads it, nor a forged time end the program. */
export function formatTurn({ id, status, session, text, acceptedAt, startedAt, endedAt }: TurnRecord): string {
  const took = startedAt === null || endedAt === null ? Number.NaN : endedAt - startedAt;
  const written = [session, text].map((stranger) => visibleText(stranger, TEXT_WIDTH));
  return [
    timeOf(acceptedAt),
    visibleText(status, TEXT_WIDTH).padEnd(11),
    (took >= 0 && Number.isFinite(took) ? `${took} ms` : '-').padStart(9),
    visibleText(id, TEXT_WIDTH),
    ...written,
  ].join('  ');
}

function timeOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '-'.padEnd(ISO_WIDTH) : date.toISOString();
}
