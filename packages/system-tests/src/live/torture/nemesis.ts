import { comesTrue } from './bounded.ts';
import { lastFor, type World } from './faults/fault.ts';
import type { Entry } from './faults/table.ts';
import { isUp } from './ready.ts';
import type { Rng } from './rng.ts';

/** Between two faults, in ms: long enough that the gateway does some work. */
const QUIET_MS = { least: 200, most: 3_000 } as const;

/** Most faults wait for a gateway that is up, so that there is something to break; at most so long, in ms. */
const [WAITS, UP_MS] = [0.85, 6_000];

/** Has one random fault after another happen until the storm is over; every one of them is undone then. */
export async function harass(world: World, faults: readonly Entry[], rng: Rng): Promise<void> {
  while (!world.storm.aborted && faults.length > 0) {
    await lastFor(rng.between(QUIET_MS.least, QUIET_MS.most), world);
    if (rng.chance(WAITS)) await comesTrue(() => world.storm.aborted || isUp(world.port), UP_MS);
    if (world.storm.aborted) return;
    const { name, make } = rng.pickWeighted(faults, ({ weight }) => weight);
    const { detail, happen } = make(rng);
    try {
      await world.recorder.fault(name, detail, () => happen(world));
    } catch (error) {
      world.recorder.miss(`the fault ${name} (${detail}): ${(error as Error).message}`);
    }
  }
}
