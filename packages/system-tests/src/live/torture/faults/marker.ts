import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { drainRequestPath } from '@hermes/drain-contract';
import { type FaultMaker, lastFor, milliseconds, type World } from './fault.ts';
import { drawGarbage } from './garbage.ts';

/** Another program replaces the marker by garbage, which drains, or by a directory, which does not; and removes it. */
export const marker: FaultMaker = (rng) => {
  const lasting = rng.between(300, 2_500);
  const garbage = rng.chance(0.7) ? drawGarbage(rng) : undefined;
  return {
    detail: `${garbage === undefined ? 'a directory' : `${garbage.length} bytes`}, ${milliseconds(lasting)}`,
    happen: async (world) => {
      const remove = async () => rmSync(drainRequestPath({ home: world.home }), { recursive: true, force: true });
      if (garbage === undefined) {
        await world.recorder.release('a directory as marker', async () => {
          await remove();
          makeDirectory(world);
          await lastFor(lasting, world);
          await remove();
        });
        return;
      }
      replaceBy(garbage, world);
      await lastFor(lasting, world);
      await world.recorder.release('marker removed', remove);
    },
  };
};

function replaceBy(garbage: string, { home, recorder }: World): void {
  const path = drainRequestPath({ home });
  const from = Date.now();
  writeFileSync(`${path}.draft`, garbage);
  renameSync(`${path}.draft`, path);
  recorder.holds.push({ from, since: Date.now(), requestId: undefined });
}

function makeDirectory({ home }: World): void {
  try {
    mkdirSync(drainRequestPath({ home }));
  } catch {
    // A begin was quicker.
  }
}
