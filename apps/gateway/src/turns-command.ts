import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProfile, JOURNAL_FILENAME, visibleJson, visibleText } from '@hermes/drain-contract';
import { StartupError } from '@hermes/service-kit';
import { readConfig } from './config/load.ts';
import type { JournalConfig } from './journal/config.ts';
import { postgresPlace } from './journal/journal-source.ts';
import { openTurnReader } from './journal/open-turn-reader.ts';
import type { TurnReader } from './journal/turn-reader.ts';
import type { ListedTurn, TurnHistory, TurnQuery } from './journal/turn-store.ts';
import { requestText } from './openai-wire/request-text.ts';
import { viewRecordInFull } from './turns/view.ts';

/** Bytes that are read at a time: the whole result may exceed the memory. */
const PAGE = { turns: 100, bytes: 1_048_576 } as const;

export interface TurnsOptions extends Pick<TurnQuery, 'session' | 'status' | 'limit'> {
  readonly profile: string;
  readonly json: boolean;
}

/** Reads the journal of a profile; its gateway need not run. @returns the lines to print. @throws StartupError */
export async function* showTurns(options: TurnsOptions): AsyncGenerator<string, void, undefined> {
  const reader = await openReader(findProfile(options.profile).home);
  try {
    for await (const turn of newestTurns(reader, options)) {
      yield options.json ? visibleJson(viewRecordInFull(turn)) : formatTurn(turn);
    }
  } finally {
    await reader.close();
  }
}

/** The turns of the gateway in `home`: of all gateways that share its journal, if they do. */
async function openReader(home: string): Promise<TurnReader> {
  const journal = configuredJournal(home);
  if (journal.kind === 'sqlite') return openTurnReader(home);
  const place = postgresPlace({ config: journal, home, environment: process.env });
  const { PostgresTurnReader } = await import('./journal/postgres/turn-reader.ts');
  return PostgresTurnReader.open(place);
}

/** A journal in the home is read also when the configuration has a mistake. @throws StartupError */
function configuredJournal(home: string): JournalConfig {
  try {
    return readConfig(home, process.env).config.journal;
  } catch (error) {
    if (error instanceof StartupError && existsSync(join(home, JOURNAL_FILENAME))) return { kind: 'sqlite' };
    throw error;
  }
}

async function* newestTurns(
  history: TurnHistory,
  { session, status, limit }: TurnsOptions,
): AsyncGenerator<ListedTurn> {
  let before: number | undefined;
  for (let left = limit; left > 0; ) {
    const query = { session, status, before, limit: Math.min(left, PAGE.turns), maxBytes: PAGE.bytes };
    const page = await history.turns(query);
    if (page.length === 0) return;
    yield* page;
    left -= page.length;
    before = page.at(-1)?.seq;
  }
}

const TEXT_WIDTH = 50;
const ISO_WIDTH = new Date(0).toISOString().length;

/** One line. Text from users must not move the cursor of the terminal, and an invalid time must not end the program. */
export function formatTurn(turn: ListedTurn): string {
  const { id, status, session, form, text, gateway, acceptedAt, startedAt, endedAt } = turn;
  const took = startedAt === null || endedAt === null ? Number.NaN : endedAt - startedAt;
  const place = gateway === undefined ? [] : [gateway];
  const written = [...place, session, requestText(form, text)].map((stranger) => visibleText(stranger, TEXT_WIDTH));
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
