import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StagingArea } from '../slot/staging-area.ts';
import type { User } from '../user.ts';
import { applySteps } from './apply.ts';
import type { Step } from './plan.pure.ts';

/** The input of the second thread. */
export interface Share {
  readonly steps: readonly Step[];
  readonly scandir: string;
  readonly user: User | undefined;
}

/** What one thread carries out while the other one starts, about. */
const HEAD_START = 200;

const THREAD = new URL(`apply-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Carries out `steps` as {@link applySteps} does, on two threads: nearly all of it is the kernel's work, and that on
 * directories of one slot. Threads end with their process, so the lock of the staging area holds for both.
 */
export async function applyInTwo(
  steps: readonly Step[],
  area: StagingArea,
  user: User | undefined,
  program = THREAD,
): Promise<Step[]> {
  const middle = Math.ceil((steps.length + HEAD_START) / 2);
  const rest = steps.slice(middle);
  const elsewhere = applyElsewhere(program, { steps: rest, scandir: area.scandir, user }).catch(() => undefined);
  let here: Step[];
  let there: Step[] | undefined;
  try {
    here = applySteps(steps.slice(0, middle), area, user);
  } finally {
    // The lock must be held until the thread has ended.
    there = await elsewhere;
  }
  // A boot must not fail without a thread; a thread that fails to start has published nothing.
  return [...here, ...(there ?? applySteps(rest, area, user))];
}

function applyElsewhere(program: URL, share: Share): Promise<Step[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(program, { workerData: share });
    thread.once('message', resolve).once('error', reject);
    thread.once('exit', (status) => reject(new Error(`the second thread ended with ${status}`)));
  });
}
