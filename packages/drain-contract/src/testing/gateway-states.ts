import type { GatewayState } from '../state/schema.pure.ts';
import { formatIsoDateTime } from '../time.ts';

/** The state of an idle gateway that is this process, with a heartbeat of now, except for `changes`. */
export function gatewayState(changes: Partial<GatewayState> = {}): Required<Omit<GatewayState, 'desired_state'>> {
  const now = formatIsoDateTime(Date.now());
  return {
    gateway_state: 'running',
    active_agents: 0,
    active_work: [],
    drain: null,
    pid: process.pid,
    epoch: 'epoch-of-the-gateway',
    endpoint: 'http://127.0.0.1:8642',
    started_at: now,
    updated_at: now,
    restart_drain_timeout: 30,
    exit: null,
    version: '0.1.0',
    queued_turns: 0,
    refused_turns: 0,
    shared_turns: { name: 'gw1', others: 2, takers: 1 },
    channels: [
      {
        name: 'telegram',
        state: 'failing',
        since: '2026-01-01T00:00:00.000000+00:00',
        problem: 'no answer',
        waiting: 2,
        given_up: 1,
      },
    ],
    stop_timeout: 51,
    turn_timeout: 600,
    start_problem: 'the port is taken',
    start_time: 0,
    ...changes,
  };
}

/** The process id of no process: beyond what any kernel hands out. */
export const DEAD_PID = 2 ** 30;
