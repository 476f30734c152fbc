import { existsSync, renameSync } from 'node:fs';
import { type FaultMaker, lastFor, milliseconds } from './fault.ts';

/** The home is gone for a while, as a volume that is mounted again. */
export const homeAway: FaultMaker = (rng) => {
  const lasting = rng.between(200, 3_000);
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      const { home, recorder } = world;
      const away = `${home}.away`;
      renameSync(home, away);
      await lastFor(lasting, world);
      if (existsSync(home)) {
        // What a program made in its place must not keep the real one from coming back.
        recorder.miss('the home stayed away while it was away: a program made another one in its place');
        renameSync(home, `${home}.made-${Date.now()}`);
      }
      renameSync(away, home);
    },
  };
};
