import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '@hermes/drain-contract';
import { isListenedTo, isSupervised } from '../slot/probe.ts';

/** Poll interval in ms. s6-supervise takes a few ms to start or exit, and notifies only users who may write its directories. */
const LOOK_AGAIN_MS = 5;

/** Waits until an s6-supervise runs in the slot at `path` and in its logger, and has a status. @throws ServiceError `timeout`. */
export function awaitSupervised(path: string, timeoutMs: number): Promise<void> {
  return lookUntil(
    () => isFullySupervised(path),
    timeoutMs,
    () => `no supervisor came within ${timeoutMs} ms (${path})`,
  );
}

/** Waits until no s6-supervise runs in the slot at `path`, nor in its logger. @throws ServiceError `timeout`. */
export function awaitUnsupervised(path: string, timeoutMs: number): Promise<void> {
  return lookUntil(
    () => !isSupervised(path),
    timeoutMs,
    () => `its supervisor did not end within ${timeoutMs} ms (${path})`,
  );
}

function isFullySupervised(path: string): boolean {
  return ['supervise', 'log/supervise'].every(
    (supervise) =>
      isListenedTo(join(path, supervise, 'control')) &&
      lstatSync(join(path, supervise, 'status'), { throwIfNoEntry: false }) !== undefined,
  );
}

async function lookUntil(met: () => boolean, timeoutMs: number, tell: () => string): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!met()) {
    if (performance.now() > deadline) throw new ServiceError('timeout', tell());
    await delay(LOOK_AGAIN_MS);
  }
}
