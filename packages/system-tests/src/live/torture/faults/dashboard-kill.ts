import type { FaultMaker } from './fault.ts';

const BOUND_MS = 45_000;

/** The dashboard dies without a word. */
export const dashboardKill: FaultMaker = () => ({
  detail: '',
  happen: ({ dashboards }) => dashboards.first.end('SIGKILL', BOUND_MS),
});
