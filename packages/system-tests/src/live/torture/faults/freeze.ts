import { type Fault, type FaultMaker, lastFor, milliseconds } from './fault.ts';

/** Longer than a heartbeat may be old. */
const LONG_MS = 33_000;

/** The gateway is suspended, as a machine that is moved. */
export const freeze: FaultMaker = (rng) => freezeFor(rng.between(50, 3_000));

/** It is suspended for so long that it counts as gone. */
export const longFreeze: FaultMaker = () => freezeFor(LONG_MS);

function freezeFor(lasting: number): Fault {
  return {
    detail: milliseconds(lasting),
    happen: async (world) => {
      world.gateway.signal('SIGSTOP');
      await lastFor(lasting, world);
      world.gateway.signal('SIGCONT');
    },
  };
}
