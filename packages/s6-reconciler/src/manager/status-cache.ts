import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { SupervisedStatus } from '../s6/status.ts';

interface Seen {
  readonly stamp: string;
  readonly status: SupervisedStatus;
  /** When, on the monotonic clock, in ms. */
  readonly at: number;
}

/**
 * What slots were when s6-svstat was last asked. s6-supervise replaces its status file at each change, so as long as
 * that is the same file, the cached status is valid: otherwise a list of hundreds of slots starts hundreds of processes.
 */
export class StatusCache {
  readonly #seen = new Map<string, Seen>();

  /** The cache key for the status of the slot at `path`, computed before the status is read; `undefined` if unknown. */
  stamp(path: string): string | undefined {
    try {
      const { ino, mtimeNs, ctimeNs } = lstatSync(join(path, 'supervise/status'), { bigint: true });
      // Whether it is normally up is not in the status, but by the down file.
      const down = lstatSync(join(path, 'down'), { throwIfNoEntry: false }) !== undefined;
      return `${ino} ${mtimeNs} ${ctimeNs} ${down}`;
    } catch {
      return undefined;
    }
  }

  find(path: string, stamp: string | undefined): SupervisedStatus | undefined {
    const seen = this.#seen.get(path);
    if (stamp === undefined || seen?.stamp !== stamp) return undefined;
    return { ...seen.status, seconds: seen.status.seconds + Math.floor((performance.now() - seen.at) / 1000) };
  }

  keep(path: string, stamp: string | undefined, status: SupervisedStatus): void {
    if (stamp !== undefined) this.#seen.set(path, { stamp, status, at: performance.now() });
  }

  /** Forgets every slot but these. */
  retain(paths: ReadonlySet<string>): void {
    for (const path of this.#seen.keys()) if (!paths.has(path)) this.#seen.delete(path);
  }
}
