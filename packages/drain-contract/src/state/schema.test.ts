import { describe, expect, it } from 'vitest';
import { gatewayState } from '../testing/gateway-states.ts';
import { type GatewayStateView, gatewayStateSchema, gatewayStateViewSchema, LIFECYCLE_STATES } from './schema.pure.ts';

const NOTHING: GatewayStateView = {
  gateway_state: null,
  active_agents: null,
  active_work: [],
  drain: null,
  pid: null,
  epoch: '',
  endpoint: null,
  started_at: null,
  updated_at: null,
  restart_drain_timeout: null,
  exit: null,
  version: null,
  queued_turns: null,
  refused_turns: null,
  shared_turns: null,
  channels: [],
  stop_timeout: null,
  start_problem: null,
  turn_timeout: null,
  start_time: null,
  desired_state: null,
};

const COUNTS: [value: unknown, count: number | null][] = [
  [3, 3],
  [0, 0],
  [-1, null],
  [1.5, null],
  ['many', null],
  [true, null],
  [null, null],
  [{ toString: null, valueOf: null }, null],
];

describe('the view of a state', () => {
  it('is falsy where the file says nothing', () => {
    expect(gatewayStateViewSchema.parse({})).toEqual(NOTHING);
  });

  it.each([[{ a: 1 }], [[1]], ['x'], [-1.5], [true], [null]])(
    'is falsy, and not an error, where every field is %j',
    (garbage) => {
      const file = Object.fromEntries(Object.keys(NOTHING).map((field) => [field, garbage]));
      const view = gatewayStateViewSchema.parse(file);
      const fieldsOfText = [
        'gateway_state',
        'endpoint',
        'started_at',
        'updated_at',
        'version',
        'desired_state',
        'start_problem',
      ] as const;
      const text = typeof garbage === 'string' ? garbage : null;
      for (const field of fieldsOfText) expect(view[field]).toBe(text);
      expect(view).toMatchObject({ active_work: [], drain: null, pid: null, restart_drain_timeout: null, exit: null });
      expect(view.epoch).toBe(text ?? '');
    },
  );

  it.each(
    (['active_agents', 'queued_turns', 'refused_turns'] as const).flatMap((field) =>
      COUNTS.map(([value, count]) => [field, value, count] as const),
    ),
  )('reads %s %j as %j', (field, value, count) => {
    expect(gatewayStateViewSchema.parse({ [field]: value })[field]).toBe(count);
  });

  it.each<[what: string, stalled: object, expected: boolean]>([
    ['from before there was such a thing', {}, false],
    ['that moves', { stalled: false }, false],
    ['that is stalled', { stalled: true }, true],
  ])('knows of a turn %s whether it is stalled', (_what, stalled, expected) => {
    const work = { id: 'turn', kind: 'external', session: 's', started_at: 't', last_progress_at: 't', ...stalled };
    expect(gatewayStateViewSchema.parse({ active_work: [work] }).active_work).toEqual([{ ...work, stalled: expected }]);
  });

  it.each([
    ['a text of digits for the turns in flight', { active_agents: '2' }, { active_agents: 2 }],
    ['Unix seconds as a heartbeat', { updated_at: 1_800_000_000 }, { updated_at: '2027-01-15T08:00:00.000000+00:00' }],
    [
      'turns without an id',
      { active_work: [{ kind: 'cron' }, { kind: 'chat', session: 's', stalled: 'x' }] },
      { active_work: [{ id: 'cron-1', kind: 'cron', session: 'unknown' }, { id: 'unclear' }] },
    ],
  ])('takes from the reference system %s', (_what, written, seen) => {
    expect(gatewayStateViewSchema.parse(written)).toMatchObject(seen);
  });

  it('passes on a state that only the reference system knows', () => {
    expect(gatewayStateViewSchema.parse({ gateway_state: 'degraded', desired_state: 'running' })).toMatchObject({
      gateway_state: 'degraded',
      desired_state: 'running',
    });
  });

  it('drops fields it does not know, and drops a drain of which a part is missing', () => {
    const view = gatewayStateViewSchema.parse({ new: 1, drain: { request_id: 'x' } });
    expect(view).not.toHaveProperty('new');
    expect(view.drain).toBeNull();
  });
});

describe('a state that a gateway writes', () => {
  it.each(LIFECYCLE_STATES)('may be %s, and is seen as it was written', (state) => {
    const written = gatewayState({ gateway_state: state, active_agents: 2 });
    expect(gatewayStateSchema.parse(written)).toEqual(written);
    expect(gatewayStateViewSchema.parse(written)).toEqual({ ...written, desired_state: null });
  });

  it('may leave out what later versions added', () => {
    const { queued_turns: _held, refused_turns: _refused, ...earlier } = gatewayState();
    expect(gatewayStateSchema.parse(earlier)).toEqual(earlier);
  });

  it.each(['queued_turns', 'refused_turns'])('counts %s from 0 in whole numbers', (field) => {
    for (const count of [-1, 1.5, '1', null]) {
      expect(gatewayStateSchema.safeParse({ ...gatewayState(), [field]: count }).success).toBe(false);
    }
  });
});
