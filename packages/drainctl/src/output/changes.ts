import type { Sighting } from '@hermes/dashboard-client';

/** What of a sighting is worth a line when it changes: not the ages of turns, which always do. */
export function essence({ drain, status }: Sighting): string {
  return JSON.stringify([
    drain.verdict,
    drain.request_id,
    drain.safe_to_stop,
    status.gateway_running,
    status.liveness,
    status.gateway_state,
    status.active_agents,
    status.active_work.map(({ id, stalled }) => [id, stalled]),
  ]);
}

/** Decides whether a sighting is reported: when something has changed, and after the progress interval in any case. */
export class Changes {
  readonly #heartbeat: number;
  #last: string | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** @param heartbeat in ms; 0 for none. */
  constructor(heartbeat: number) {
    this.#heartbeat = heartbeat;
  }

  /** @param now on a clock that only goes forward, in ms. */
  kind(sighting: Sighting, now: number): 'change' | 'heartbeat' | undefined {
    const key = essence(sighting);
    const changed = key !== this.#last;
    if (!changed && !this.isDue(now)) return undefined;
    this.#last = key;
    this.#reportedAt = now;
    return changed ? 'change' : 'heartbeat';
  }

  /** Whether nothing was reported for the progress interval. */
  isDue(now: number): boolean {
    return this.#heartbeat > 0 && now - this.#reportedAt >= this.#heartbeat;
  }

  /** Something else was reported. */
  reported(now: number): void {
    this.#reportedAt = now;
  }
}
