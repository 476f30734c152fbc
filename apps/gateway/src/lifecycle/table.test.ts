import { LIFECYCLE_STATES, type LifecycleState } from '@hermes/drain-contract';
import { describe, expect, it } from 'vitest';
import { Lifecycle, type Transition } from './lifecycle.ts';
import { LIFECYCLE, type LifecycleEvent } from './table.ts';

const EVENTS = Object.keys(LIFECYCLE.starting) as LifecycleEvent[];
const CELLS = LIFECYCLE_STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const));

/** Every cell that leads to another state; all others stay where they are. */
const ARROWS: [from: LifecycleState, event: LifecycleEvent, to: LifecycleState][] = [
  ['starting', 'ready', 'running'],
  ['starting', 'drain', 'draining'],
  ['starting', 'stop', 'stopping'],
  ['starting', 'fail', 'startup_failed'],
  ['running', 'drain', 'draining'],
  ['running', 'stop', 'stopping'],
  ['draining', 'release', 'running'],
  ['draining', 'stop', 'stopping'],
  ['stopping', 'closed', 'stopped'],
];

describe('LIFECYCLE', () => {
  it.each(ARROWS)('leads from %s by %s to %s', (from, event, to) => {
    expect(LIFECYCLE[from][event]).toBe(to);
  });

  it('has no other arrows', () => {
    const arrows = CELLS.filter(([state, event]) => LIFECYCLE[state][event] !== state);
    expect(arrows).toEqual(ARROWS.map(([from, event]) => [from, event]));
  });

  it.each(CELLS)('in %s does the same for two %s as for one', (state, event) => {
    const once = LIFECYCLE[state][event];
    expect(LIFECYCLE[once][event]).toBe(once);
  });

  it.each(['stopped', 'startup_failed'] as const)('has nothing that leads out of %s', (state) => {
    expect(new Set(Object.values(LIFECYCLE[state]))).toEqual(new Set([state]));
  });
});

describe('Lifecycle', () => {
  it('begins in starting and tells each change after it has happened, and nothing else', () => {
    const lifecycle = new Lifecycle();
    const transitions: (Transition & { state: LifecycleState })[] = [];
    lifecycle.on('transition', (transition) => transitions.push({ ...transition, state: lifecycle.state }));
    for (const event of ['release', 'drain', 'drain', 'ready', 'release', 'release', 'stop', 'closed'] as const)
      lifecycle.send(event);
    expect(transitions).toEqual([
      { from: 'starting', event: 'drain', to: 'draining', state: 'draining' },
      { from: 'draining', event: 'release', to: 'running', state: 'running' },
      { from: 'running', event: 'stop', to: 'stopping', state: 'stopping' },
      { from: 'stopping', event: 'closed', to: 'stopped', state: 'stopped' },
    ]);
  });
});
