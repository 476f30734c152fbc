import type { LifecycleState } from '@hermes/drain-contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSENT, activeVerdict } from '../testing/markers.ts';
import { Gate, type Permit } from './gate.ts';

const step = fc.oneof(
  fc.record({ do: fc.constant('admit' as const), kind: fc.constantFrom('external' as const, 'internal' as const) }),
  fc.record({ do: fc.constant('release' as const), which: fc.nat() }),
  fc.record({
    do: fc.constant('state' as const),
    state: fc.constantFrom<LifecycleState>('starting', 'running', 'draining', 'stopping', 'stopped'),
  }),
  fc.record({ do: fc.constant('marker' as const), active: fc.boolean() }),
);

describe('Gate', () => {
  it('admits and counts as a list of ids would, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let [state, active]: [LifecycleState, boolean] = ['running', false];
        const gate = new Gate({
          state: () => state,
          readVerdict: () => (active ? activeVerdict() : ABSENT),
          drain: () => null,
          storageProblem: () => undefined,
        });
        const permits = new Map<string, Permit>();
        for (const [index, each] of steps.entries()) {
          if (each.do === 'state') state = each.state;
          else if (each.do === 'marker') active = each.active;
          else if (each.do === 'release') {
            const id = [...permits.keys()][each.which % Math.max(1, permits.size)];
            if (id === undefined) continue;
            permits.get(id)?.release();
            permits.delete(id);
          } else {
            const admission = gate.admit(each.kind, { id: `turn-${index}`, session: 's' });
            const open = state === 'running' || state === 'draining';
            expect(admission.admitted).toBe(open && (each.kind === 'internal' || !active));
            if (admission.admitted) permits.set(`turn-${index}`, admission.permit);
          }
          expect([...gate.inFlight()].map((work) => work.id)).toEqual([...permits.keys()]);
          expect(gate.active).toBe(permits.size);
        }
      }),
    );
  });
});
