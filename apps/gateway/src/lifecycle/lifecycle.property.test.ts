import { LIFECYCLE_STATES } from '@hermes/drain-contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lifecycle } from './lifecycle.ts';
import { LIFECYCLE, type LifecycleEvent } from './table.ts';

const event = fc.constantFrom(...(Object.keys(LIFECYCLE.starting) as LifecycleEvent[]));

function lifecycleAfter(events: readonly LifecycleEvent[]): Lifecycle {
  const lifecycle = new Lifecycle();
  for (const each of events) lifecycle.send(each);
  return lifecycle;
}

describe('Lifecycle', () => {
  it('is never revived by anything that happens after a stop', () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(event), (before, after) => {
        const lifecycle = lifecycleAfter([...before, 'stop']);
        for (const each of after) {
          lifecycle.send(each);
          expect(['stopping', 'stopped', 'startup_failed']).toContain(lifecycle.state);
        }
      }),
    );
  });

  it('tells a chain of changes, each of which begins where the one before ended', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const lifecycle = new Lifecycle();
        let state = lifecycle.state;
        lifecycle.on('transition', ({ from, to }) => {
          expect(from).toBe(state);
          expect(to).not.toBe(from);
          state = to;
        });
        for (const each of events) lifecycle.send(each);
        expect(lifecycle.state).toBe(state);
        expect(LIFECYCLE_STATES).toContain(state);
      }),
    );
  });
});
