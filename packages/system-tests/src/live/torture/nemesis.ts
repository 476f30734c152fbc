import { eventually } from './eventually.ts';
import { lastFor, type World } from './faults/fault.ts';
import type { Entry } from './faults/table.ts';
import { isReady } from './ready.ts';
import type { Rng } from './rng.ts';

/** Between two faults at most, in ms. */
const QUIET_MS = 1_500;

/** Most faults wait for a gateway that is ready, so that there is something to break; at most so long, in ms. */
const [WAITS, READY_MS] = [0.7, 4_000];

/** Has one random fault after another happen until the storm is over; every one of them is undone then. */
export async function harass(world: World, faults: readonly Entry[], rng: Rng): Promise<void> {
  while (!world.storm.aborted && faults.length > 0) {
    await lastFor(rng.between(0, QUIET_MS), world);
    if (rng.chance(WAITS)) await eventually(() => world.storm.aborted || isReady(world.port), READY_MS);
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
