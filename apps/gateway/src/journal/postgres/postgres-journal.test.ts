import { lacksPostgres, newSchema, sharedPostgres } from '@hermes/test-kit/postgres';
import { describe, onTestFinished } from 'vitest';
import { journalConformance } from '../../testing/journal-conformance/conformance.ts';
import type { JournalPlace } from '../../testing/journal-conformance/place.ts';
import { openPostgresJournal } from '../../testing/postgres.ts';
import { PostgresTurnReader } from './turn-reader.ts';

const cluster = lacksPostgres() ? undefined : await sharedPostgres();

function makePlace(): JournalPlace {
  const schema = newSchema();
  const openReader = () => {
    const reader = new PostgresTurnReader({ url: cluster?.url ?? '', schema, name: 'reader' });
    onTestFinished(() => reader.close());
    return reader;
  };
  return { open: () => openPostgresJournal({ schema, times: { grace: 0 } }), openReader };
}

describe.skipIf(cluster === undefined)('on PostgreSQL', () => journalConformance('in PostgreSQL', makePlace));
