import { linkSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILENAME } from '@hermes/drain-contract';
import { type Finding, fault, fine, reasonOf, unknown } from '@hermes/s6-reconciler';
import { StartupError } from '@hermes/service-kit';
import { postgresPlace } from '../journal/journal-source.ts';
import { MIGRATIONS } from '../journal/sqlite/migrations.ts';
import { openForReading, requireLogOwner, requireSoundness } from '../journal/sqlite/open-database.ts';
import { NoTurnsError } from '../journal/turn-reader.ts';

/** Whether the journal in PostgreSQL can be read by this release, without changing it. */
export async function checkSharedJournal(place: Parameters<typeof postgresPlace>[0]): Promise<Finding> {
  try {
    const options = postgresPlace(place);
    const { PostgresTurnReader } = await import('../journal/postgres/turn-reader.ts');
    const reader = await PostgresTurnReader.open(options);
    try {
      return fine(`in PostgreSQL, schema ${options.schema}, ${await reader.countUnfinished()} turns without an end`);
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (error instanceof NoTurnsError) return unknown(error.message);
    return fault((error as Error).message, null);
  }
}

/** Whether the journal can be read by this release, without changing it. */
export function checkJournal(home: string): Finding {
  const path = join(home, JOURNAL_FILENAME);
  try {
    requireLogOwner(path);
    if (sizeOf(path) === 0) return unknown('no gateway has used it yet');
    return sizeOf(`${path}-wal`) > 0 ? readAt(path) : readAside(home, path);
  } catch (error) {
    if (!(error instanceof StartupError)) return unknown(`${path} cannot be checked: ${reasonOf(error)}`);
    return error.temporary ? unknown(error.message) : fault(error.message, null);
  }
}

/**
 * A reader creates a log beside a database that has none, and cannot remove it. So it reads a database without a log by
 * another name of the same file.
 */
function readAside(home: string, path: string): Finding {
  const directory = mkdtempSync(join(home, '.doctor-'));
  try {
    const other = join(directory, JOURNAL_FILENAME);
    linkSync(path, other);
    return readAt(other);
  } catch (error) {
    if (error instanceof StartupError)
      throw new StartupError(error.message.replaceAll(directory, home), { cause: error.cause });
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readAt(path: string): Finding {
  const database = openForReading(path);
  try {
    requireSoundness(database, path);
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    const unfinished = Number(database.prepare('SELECT count(*) AS n FROM turns WHERE ended_at IS NULL').get()?.n);
    const schema = version === MIGRATIONS.length ? '' : `, which the next start brings to ${MIGRATIONS.length}`;
    return fine(`sound, schema ${version}${schema}, ${unfinished} turns without an end`);
  } finally {
    database.close();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
