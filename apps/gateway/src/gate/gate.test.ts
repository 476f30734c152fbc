import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DrainVerdict, LIFECYCLE_STATES, type LifecycleState } from '@hermes/drain-contract';
import { temporaryDirectory } from '@hermes/test-kit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MarkerProbe } from '../drain/marker-probe.ts';
import { ABSENT, activeVerdict, putMarker } from '../testing/markers.ts';
import { Gate, type Permit, type Refusal, type TurnKind } from './gate.ts';

const NEVER = new AbortController().signal;

const NO_PROBLEM = () => undefined;

function gateIn(state: LifecycleState, verdict: DrainVerdict = ABSENT, problem?: string) {
  const signs = {
    state: vi.fn(() => state),
    readVerdict: vi.fn(() => verdict),
    drain: () => 'd',
    storageProblem: () => problem,
  };
  return { gate: new Gate(signs), signs };
}

function admitted(gate: Gate, id: string, kind: TurnKind = 'external'): Permit {
  const admission = gate.admit(kind, { id, session: `session of ${id}` });
  if (!admission.admitted) throw new Error(`refused: ${admission.refusal.reason}`);
  return admission.permit;
}

type Answer = Refusal['reason'] | 'passes';

const TABLE: Record<LifecycleState, Record<TurnKind, { quiet: Answer; drain: Answer }>> = {
  starting: {
    external: { quiet: 'starting', drain: 'starting' },
    internal: { quiet: 'starting', drain: 'starting' },
  },
  running: { external: { quiet: 'passes', drain: 'draining' }, internal: { quiet: 'passes', drain: 'passes' } },
  draining: { external: { quiet: 'passes', drain: 'draining' }, internal: { quiet: 'passes', drain: 'passes' } },
  stopping: {
    external: { quiet: 'stopping', drain: 'stopping' },
    internal: { quiet: 'stopping', drain: 'stopping' },
  },
  stopped: { external: { quiet: 'stopping', drain: 'stopping' }, internal: { quiet: 'stopping', drain: 'stopping' } },
  startup_failed: {
    external: { quiet: 'stopping', drain: 'stopping' },
    internal: { quiet: 'stopping', drain: 'stopping' },
  },
};

describe('Gate', () => {
  describe.each(LIFECYCLE_STATES)('while %s', (state) => {
    it.each([
      ['external', 'quiet'],
      ['external', 'drain'],
      ['internal', 'quiet'],
      ['internal', 'drain'],
    ] as const)('answers an %s turn under a %s marker as the table says', (kind, marker) => {
      const { gate } = gateIn(state, marker === 'drain' ? activeVerdict() : ABSENT);
      const admission = gate.admit(kind, { id: 'turn', session: 'session' });
      expect(admission.admitted ? 'passes' : admission.refusal.reason).toBe(TABLE[state][kind][marker]);
      expect(gate.refusal(kind)?.reason ?? 'passes').toBe(TABLE[state][kind][marker]);
      expect(gate.active).toBe(admission.admitted ? 1 : 0);
    });
  });

  it('hands on the words of the drain that refuses', () => {
    const { gate } = gateIn('running', activeVerdict({ reason: 'new disk' }));
    expect(gate.refusal('external')?.request).toMatchObject({ reason: 'new disk', principal: 'alice' });
  });

  it('refuses an external turn while something cannot be stored or read, and lets an internal one pass', () => {
    const { gate } = gateIn('running', ABSENT, 'the home is gone');
    expect(gate.refusal('external')).toEqual({ reason: 'storage-unavailable', problem: 'the home is gone' });
    expect(gate.refusal('internal')).toBeUndefined();
  });

  it('names the drain where both a drain and the storage stand in the way', () => {
    const { gate } = gateIn('running', activeVerdict(), 'the home is gone');
    expect(gate.refusal('external')?.reason).toBe('draining');
  });

  it('asks the marker about each external turn and about no internal one', () => {
    const { gate, signs } = gateIn('running');
    admitted(gate, 'a', 'internal');
    expect(signs.readVerdict).not.toHaveBeenCalled();
    admitted(gate, 'b');
    admitted(gate, 'c');
    expect(signs.readVerdict).toHaveBeenCalledTimes(2);
  });

  it('sees a marker that was written between two calls, without a watcher', () => {
    const home = temporaryDirectory();
    const probe = new MarkerProbe(home, 'epoch');
    const gate = new Gate({
      state: () => 'running',
      readVerdict: () => probe.look(),
      drain: () => probe.drain,
      storageProblem: NO_PROBLEM,
    });
    admitted(gate, 'before');
    putMarker(home);
    expect(gate.admit('external', { id: 'after', session: 's' })).toMatchObject({ admitted: false });
    expect(gate.active).toBe(1);
  });

  it('counts turns in flight, the oldest first, and emits each change of the number', () => {
    const { gate } = gateIn('running');
    const counts: number[] = [];
    gate.on('count', (count) => counts.push(count));
    const [a, , c] = [admitted(gate, 'a'), admitted(gate, 'b', 'internal'), admitted(gate, 'c')];
    a?.release();
    admitted(gate, 'd');
    c?.release();
    expect(counts).toEqual([1, 2, 3, 2, 3, 2]);
    expect([...gate.inFlight()].map(({ id, kind, session }) => [id, kind, session])).toEqual([
      ['b', 'internal', 'session of b'],
      ['d', 'external', 'session of d'],
    ]);
  });

  it('refuses to release a permit twice, and still counts right', () => {
    const { gate } = gateIn('running');
    const permit = admitted(gate, 'a');
    admitted(gate, 'b');
    permit.release();
    expect(() => permit.release()).toThrow('turn a was released twice');
    expect(gate.active).toBe(1);
  });

  it('keeps two turns apart that carry the same id', () => {
    const { gate } = gateIn('running');
    const [first, second] = [admitted(gate, 'same'), admitted(gate, 'same')];
    first.release();
    expect(gate.active).toBe(1);
    second.release();
    expect(gate.active).toBe(0);
  });

  it('notes when a turn began and when it last moved on', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
    onTestFinished(() => void vi.useRealTimers());
    const { gate } = gateIn('running');
    const permit = admitted(gate, 'a');
    vi.setSystemTime(5_000);
    permit.progress();
    expect(permit.work).toMatchObject({ startedAt: 1_000, lastProgressAt: 5_000 });
  });
});

describe('Gate.whenIdle', () => {
  it('resolves at once when nothing is in flight', async () => {
    await expect(gateIn('stopping').gate.whenIdle(NEVER)).resolves.toBeUndefined();
  });

  it('resolves when the last turn ends, not when any turn ends', async () => {
    const { gate } = gateIn('running');
    const permits = [admitted(gate, 'a'), admitted(gate, 'b')];
    let idle = false;
    const waiting = gate.whenIdle(NEVER).then(() => {
      idle = true;
    });
    permits[0]?.release();
    await nextTurn();
    expect(idle).toBe(false);
    permits[1]?.release();
    await waiting;
  });

  it('stops when its signal aborts, and leaves no listener behind', async () => {
    const { gate } = gateIn('running');
    admitted(gate, 'a');
    const bound = new AbortController();
    const waiting = gate.whenIdle(bound.signal);
    bound.abort();
    await expect(waiting).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(gate.listenerCount('count')).toBe(0);
  });
});
