import type { ProfileChange, VolumeWatch } from '../profiles/volume.ts';

/** How far back it reaches, in ms. */
export const HISTORY_MS = 600_000;

/** Changes within this time are one sample, with the last value: so many samples at most, however busy a gateway is. */
const SPACING_MS = 1_000;

/** Turns in flight from this Unix ms on; `null` when the gateway does not say. */
export type Sample = readonly [at: number, turns: number | null];

/** The turns in flight of each profile in the last minutes, as long as this process has watched. */
export class InFlightHistory {
  /** Uses the monotonic clock: samples from a wall clock that was ahead would stay until that time. */
  readonly #samples = new Map<string, Sample[]>();
  readonly #now: () => number;
  readonly #wall: () => number;

  constructor(volume: VolumeWatch, now: () => number = () => performance.now(), wall: () => number = Date.now) {
    this.#now = now;
    this.#wall = wall;
    volume.on('change', (change) => this.#record(change));
  }

  /** Oldest first; the first tells what held when the time that is looked at began. */
  of(name: string): Sample[] {
    const now = this.#now();
    const since = now - HISTORY_MS;
    const offset = this.#wall() - now;
    const samples = this.#samples.get(name) ?? [];
    prune(samples, since);
    return samples.map(([at, turns]) => [Math.round(Math.max(at, since) + offset), turns]);
  }

  #record({ name, view }: ProfileChange): void {
    if (view === undefined) return void this.#samples.delete(name);
    const samples = this.#samples.get(name) ?? [];
    this.#samples.set(name, samples);
    const now = this.#now();
    const [lastAt, lastTurns] = samples.at(-1) ?? [];
    if (lastTurns === view.active_agents) return;
    const isSoon = lastAt !== undefined && Math.abs(now - lastAt) < SPACING_MS;
    if (isSoon) samples.pop();
    samples.push([isSoon ? lastAt : now, view.active_agents]);
    prune(samples, now - HISTORY_MS);
  }
}

/** Drops what is older than `since`, but for the last of it, which still held then. */
function prune(samples: Sample[], since: number): void {
  const firstWithin = samples.findIndex(([at]) => at > since);
  const old = firstWithin === -1 ? samples.length : firstWithin;
  if (old > 1) samples.splice(0, old - 1);
}
