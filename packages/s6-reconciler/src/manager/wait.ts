import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisedStatus } from '../s6/status.ts';
import { runTool } from '../s6/tools.ts';
import { readSupervised } from './status.ts';
import { type Supervision, supervisorEnded } from './supervision.ts';

/** How long one wait lasts before the slot is read again: another command may have requested the opposite. */
const SLICE_MS = 500;

/** The smallest timeout of s6-svwait. */
const MIN_SLICE_MS = 100;

/** The awaited state. */
export interface Wait {
  /** The state that s6-svwait waits for: up and ready, or down and finished. */
  readonly event: '-U' | '-D';
  readonly timeoutMs: number;
  readonly met: (status: SupervisedStatus) => boolean;
  /** Whether the state can no longer occur. */
  readonly lost: (status: SupervisedStatus) => boolean;
}

/** The result of a wait. */
export type WaitResult = 'met' | 'lost' | 'timeout';

/** Waits for a slot. @throws ServiceError when its supervisor ends meanwhile. */
export async function waitFor(supervision: Supervision, slot: string, wait: Wait): Promise<WaitResult> {
  const deadline = performance.now() + wait.timeoutMs;
  for (;;) {
    const left = deadline - performance.now();
    const patienceMs = Math.ceil(Math.max(MIN_SLICE_MS, Math.min(SLICE_MS, left)));
    await runTool('s6-svwait', [wait.event, '-t', String(patienceMs), slot], { ...supervision, patienceMs });
    const status = await readSupervised(supervision, slot);
    if (status === undefined) throw supervisorEnded(slot);
    if (wait.met(status)) return 'met';
    if (wait.lost(status)) return 'lost';
    if (left <= 0) return 'timeout';
    // s6-svwait comes back at once where what it waits for was so for a moment.
    await delay(1);
  }
}
