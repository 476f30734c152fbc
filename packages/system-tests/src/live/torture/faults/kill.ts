import type { FaultMaker } from './fault.ts';

const BOUND_MS = 45_000;

/** The gateway dies without a word, as out of memory. */
export const kill: FaultMaker = () => ({
  detail: '',
  happen: ({ gateway }) => gateway.end('SIGKILL', BOUND_MS),
});
