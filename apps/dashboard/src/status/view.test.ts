import { type DrainVerdict, type GatewayState, gatewayStateViewSchema } from '@hermes/drain-contract';
import { describe, expect, test } from 'vitest';
import { gatewayState, turnInFlight } from '../testing/gateway.ts';
import type { ProfileStatus } from './read.ts';
import { statusView } from './view.ts';

const ABSENT: DrainVerdict = { active: false, reason: 'absent' };

function statusOf(changes: Partial<GatewayState> | undefined, live = true): ProfileStatus {
  const state = changes && gatewayStateViewSchema.parse(gatewayState(changes));
  return {
    profile: 'default',
    gateway: { state, live, liveness: live ? 'live' : 'died', epoch: '' },
    verdict: ABSENT,
    safeToStop: false,
  };
}

const NOTHING = {
  gateway_running: false,
  active_agents: 0,
  gateway_busy: false,
  gateway_drainable: false,
  drain: null,
  active_work: [],
  safe_to_stop: false,
};

describe('a live gateway', () => {
  test.each([
    ['running', 0, { gateway_busy: false, gateway_drainable: true }],
    ['running', 3, { gateway_busy: true, gateway_drainable: true }],
    ['draining', 3, { gateway_busy: false, gateway_drainable: false }],
    ['starting', 1, { gateway_busy: false, gateway_drainable: false }],
    ['stopping', 1, { gateway_busy: false, gateway_drainable: false }],
  ] as const)('that is %s with %d turns', (gateway_state, active_agents, expected) => {
    const view = statusView(statusOf({ gateway_state, active_agents }));
    expect(view).toMatchObject({ gateway_state, gateway_running: true, active_agents, ...expected });
  });

  test('shows its turns, its drain and its timeout', () => {
    const drain = {
      request_id: 'r',
      principal: 'p',
      reason: null,
      requested_at: 't',
      observed_at: 't',
      drained_at: null,
    };
    const active_work = [turnInFlight('1')];
    const view = statusView(statusOf({ active_work, drain, restart_drain_timeout: 45 }));
    expect(view).toMatchObject({ active_work, drain, restart_drain_timeout: 45 });
  });
});

describe('a gateway that is not live', () => {
  test.each([
    ['running', 'stopped'],
    ['draining', 'stopped'],
    ['stopped', 'stopped'],
    ['startup_failed', 'startup_failed'],
  ] as const)('and last said %s is %s, with nothing in flight', (gateway_state, shown) => {
    const work = { active_agents: 2, active_work: [turnInFlight('1')] };
    const view = statusView(statusOf({ gateway_state, ...work }, false));
    expect(view).toMatchObject({ gateway_state: shown, ...NOTHING, last_active_agents: 2 });
  });

  test.each([
    ['could not start', { gateway_state: 'startup_failed' }, { code: 78 }, 'config.yaml: line 3'],
    ['ended with an error', { gateway_state: 'stopped' }, { code: 1 }, 'config.yaml: line 3'],
    ['was stopped', { gateway_state: 'stopped' }, { code: null, signal: 'SIGTERM' }, null],
  ] as const)('and %s has its own reason, if that is a problem', (_how, state, end, problem) => {
    const exit = { at: '2026-01-01T00:00:00Z', signal: null, reason: 'config.yaml: line 3', interrupted: 0, ...end };
    expect(statusView(statusOf({ ...state, exit }, false)).problem).toBe(problem);
  });

  test('and never said anything has no state', () => {
    const view = statusView(statusOf(undefined, false));
    const last = {
      liveness: 'died',
      pid: null,
      heartbeat_at: null,
      last_active_agents: null,
      shared_turns: null,
      channels: [],
      problem: null,
    };
    expect(view).toEqual({ profile: 'default', gateway_state: null, restart_drain_timeout: null, ...NOTHING, ...last });
  });
});
