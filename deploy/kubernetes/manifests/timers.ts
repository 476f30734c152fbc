/** Seconds. Each must fit into those below it; a test adds them up. */
export const TIMERS = {
  /** How long a pod that is to stop still accepts messages, until every proxy has removed its endpoint. */
  lead: 10,
  /** How long the hook waits for running turns, the lead included. */
  drain: 110,
  /** `restart_drain_timeout`: what turns get that are left after that. */
  turns: 30,
  /** Interrupting them, storing and closing: what a gateway needs beyond `restart_drain_timeout` (`stop_timeout`). */
  close: 25,
  /** `terminationGracePeriodSeconds`. */
  grace: 180,
} as const;

/** The hook's drain ends by itself after this: a container that only the kubelet restarts must accept messages again. */
export const DRAIN_MAX_AGE = '3m';
