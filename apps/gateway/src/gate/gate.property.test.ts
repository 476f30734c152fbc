import type { LifecycleState } from '@hermes/drain-contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSENT, activeVerdict } from '../testing/markers.ts';
import { Gate, type Ticket } from './gate.ts';

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
          look: () => (active ? activeVerdict() : ABSENT),
          drain: () => null,
          storageProblem: () => undefined,
        });
        const tickets = new Map<string, Ticket>();
        for (const [index, each] of steps.entries()) {
          if (each.do === 'state') state = each.state;
          else if (each.do === 'marker') active = each.active;
          else if (each.do === 'release') {
            const id = [...tickets.keys()][each.which % Math.max(1, tickets.size)];
            if (id === undefined) continue;
            tickets.get(id)?.release();
            tickets.delete(id);
          } else {
            const admission = gate.admit(each.kind, { id: `turn-${index}`, session: 's' });
            const open = state === 'running' || state === 'draining';
            expect(admission.admitted).toBe(open && (each.kind === 'internal' || !active));
            if (admission.admitted) tickets.set(`turn-${index}`, admission.ticket);
          }
          expect([...gate.inFlight()].map((work) => work.id)).toEqual([...tickets.keys()]);
          expect(gate.active).toBe(tickets.size);
        }
      }),
    );
  });
});
