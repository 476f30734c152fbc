import { renameSync, writeFileSync } from 'node:fs';
import { gatewayStatePath } from '@hermes/drain-contract';
import type { FaultMaker } from './fault.ts';
import { drawGarbage } from './garbage.ts';

/** The published state is damaged; the gateway writes it again at its next heartbeat. */
export const stateDamaged: FaultMaker = (rng) => {
  const garbage = drawGarbage(rng);
  return {
    detail: `${garbage.length} bytes`,
    happen: async ({ home }) => {
      const path = gatewayStatePath({ home });
      writeFileSync(`${path}.draft`, garbage);
      renameSync(`${path}.draft`, path);
    },
  };
};
