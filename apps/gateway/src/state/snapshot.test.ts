import { type DrainObservation, formatIsoDateTime, gatewayStateSchema } from '@hermes/drain-contract';
import { describe, expect, it } from 'vitest';
import type { Work } from '../gate/gate.ts';
import { IDENTITY } from '../testing/identity.ts';
import { composeState, type GatewayReadings } from './snapshot.ts';

const DRAIN: DrainObservation = {
  request_id: 'request-1',
  principal: 'alice',
  reason: null,
  requested_at: null,
  observed_at: formatIsoDateTime(1_500),
  drained_at: null,
};

function readings(changes: Partial<GatewayReadings> = {}): GatewayReadings {
  const quiet = { state: 'running', active: 0, inFlight: [], drain: null, endpoint: null, exit: null } as const;
  return { ...quiet, queued: 0, refused: 0, channels: [], now: 2_000, ...changes };
}

function works(count: number): Work[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `turn-${index}`,
    kind: index % 2 === 0 ? ('external' as const) : ('internal' as const),
    session: 's',
    startedAt: 1_100 + index,
    lastProgressAt: 1_200 + index,
  }));
}

describe('composeState', () => {
  it('contains everything the contract requires, and nothing else', () => {
    const exit = { at: formatIsoDateTime(3), signal: 'SIGTERM', code: null, reason: 'signal', interrupted: 1 };
    const changes = {
      state: 'draining',
      active: 1,
      inFlight: works(1),
      drain: DRAIN,
      endpoint: 'http://h:1',
      exit,
      queued: 2,
      refused: 3,
    } as const;
    const state = composeState(IDENTITY, readings(changes));
    expect(gatewayStateSchema.strict().parse(state)).toEqual({
      gateway_state: 'draining',
      active_agents: 1,
      active_work: [
        {
          id: 'turn-0',
          kind: 'external',
          session: 's',
          started_at: '1970-01-01T00:00:01.100000+00:00',
          last_progress_at: '1970-01-01T00:00:01.200000+00:00',
          stalled: false,
        },
      ],
      drain: DRAIN,
      pid: 42,
      epoch: 'boot:1',
      endpoint: 'http://h:1',
      started_at: '1970-01-01T00:00:01.000000+00:00',
      updated_at: '1970-01-01T00:00:02.000000+00:00',
      restart_drain_timeout: 30,
      exit,
      version: '1.2.3',
      queued_turns: 2,
      refused_turns: 3,
      stop_timeout: 51,
      turn_timeout: 600,
    });
  });

  it('keeps a desired state that it found in the file', () => {
    const state = composeState({ ...IDENTITY, desiredState: 'running' }, readings());
    expect(gatewayStateSchema.strict().parse(state).desired_state).toBe('running');
  });

  it('says what is in the way of a start', () => {
    const state = composeState(IDENTITY, readings({ state: 'starting', startProblem: 'the port is taken' }));
    expect(gatewayStateSchema.parse(state)).toMatchObject({ start_problem: 'the port is taken' });
  });

  it('counts nothing as refused outside a drain', () => {
    expect(composeState(IDENTITY, readings({ refused: 3 })).refused_turns).toBe(0);
  });

  it.each<[what: string, silent: number, stalled: boolean]>([
    ['has just moved', 0, false],
    ['has been silent for as long as it may', 300_000, false],
    ['has been silent for longer', 300_001, true],
  ])('calls a turn that %s stalled or not', (_what, silent, stalled) => {
    const [work] = works(1);
    const inFlight = work ? [{ ...work, startedAt: 0, lastProgressAt: 10_000 }] : [];
    const state = composeState(IDENTITY, readings({ active: 1, inFlight, now: 10_000 + silent }));
    expect(state.active_work.map((each) => each.stalled)).toEqual([stalled]);
  });

  it('lists the 20 oldest turns and counts all', () => {
    const state = composeState(IDENTITY, readings({ active: 10_000, inFlight: works(10_000) }));
    expect(gatewayStateSchema.parse(state).active_agents).toBe(10_000);
    expect(state.active_work.map((work) => work.id)).toEqual(works(20).map((work) => work.id));
  });

  it('does not walk through all turns to list the oldest', () => {
    function* endless(): Iterable<Work> {
      for (;;) yield* works(1);
    }
    expect(composeState(IDENTITY, readings({ inFlight: endless() })).active_work).toHaveLength(20);
  });
});
