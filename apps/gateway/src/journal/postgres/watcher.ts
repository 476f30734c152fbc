import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '@hermes/service-kit';
import type pg from 'pg';
import { type Connections, hangUp } from './connection.ts';
import type { Member } from './membership.ts';
import type { JournalTimes } from './options.ts';

/** The gateway that `owner` watches: the next one in the ring of all. */
export function watchedBy(owner: string | undefined, members: readonly Member[]): Member | undefined {
  if (owner === undefined || members.length < 2) return undefined;
  return members.find((member) => member.owner > owner) ?? members.find((member) => member.owner !== owner);
}

export interface WatcherParts {
  readonly connections: Connections;
  readonly times: JournalTimes;
  /** Ends the statement of the connection with this process id. */
  cancel(pid: number): Promise<unknown>;
  /** The sign of life of the watched gateway was missing. Resolves when the gateway was dealt with. */
  onVanished(): Promise<void>;
}

/**
 * Waits for the lock that is the sign of life of another gateway: the server grants it at once when that gateway's
 * connection ends.
 */
export class Watcher {
  readonly #parts: WatcherParts;
  #target: Member | undefined;
  #client: (pg.Client & { processID?: number }) | undefined;
  #isWatching = false;
  #isClosed = false;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
  }

  /** Watches this gateway from now on, or none. */
  watch(target: Member | undefined): void {
    if (target?.owner === this.#target?.owner) return;
    this.#target = target;
    const pid = this.#client?.processID;
    // A lost cancellation is noticed by the next change or the sweep.
    if (this.#isWatching && pid !== undefined) void this.#parts.cancel(pid).catch(() => undefined);
    if (!this.#isWatching) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
    this.#target = undefined;
    hangUp(this.#client);
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#isWatching = true;
    for (let failures = 0; this.#target !== undefined && !this.#isClosed; ) {
      const target = this.#target;
      try {
        await this.#waitFor(target);
        failures = 0;
        await this.#parts.onVanished();
        // Until the others have noticed, the vanished gateway may still be a member.
        if (this.#target?.owner === target.owner) await pause(this.#parts.times.sweepMs, undefined, { ref: false });
      } catch (error) {
        if (isCancelled(error)) continue;
        hangUp(this.#client);
        this.#client = undefined;
        await pause(backoffMs(failures, this.#parts.times), undefined, { ref: false });
        failures += 1;
      }
    }
    this.#isWatching = false;
  }

  /** Resolves when no process has the sign of life of `target`. */
  async #waitFor({ life }: Member): Promise<void> {
    this.#client ??= await this.#parts.connections.open({ mayWait: true });
    if (this.#isClosed) return hangUp(this.#client);
    await this.#client.query('select pg_advisory_lock($1::bigint)', [life]);
    await this.#client.query('select pg_advisory_unlock($1::bigint)', [life]);
  }
}

/** The target has changed. */
function isCancelled(error: unknown): boolean {
  return (error as { code?: unknown }).code === '57014';
}
