import { isMigrated } from '@hermes/drain-contract';
import type { Snapshot } from './snapshot.ts';

/**
 * The profiles that were migrated from the reference system, which runs the others. A profile of which that cannot be
 * known is unusable, with the reason. Never throws.
 */
export function onlyMigrated(snapshots: readonly Snapshot[]): Snapshot[] {
  return snapshots.flatMap((snapshot): Snapshot[] => {
    if (snapshot.kind === 'unusable') return [];
    try {
      return isMigrated({ home: snapshot.home }) ? [snapshot] : [];
    } catch (error) {
      return [{ kind: 'unusable', name: snapshot.name, reason: (error as Error).message }];
    }
  });
}
