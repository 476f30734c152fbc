import { constants } from 'node:os';
import { flushStderr } from './log-output.ts';

const KEEP_ALIVE_MS = 1 << 30;

/** Flushes the log and ends this process by `signal`, so that a supervisor sees the signal as the cause. Never returns. */
export async function exitBySignal(signal: NodeJS.Signals): Promise<never> {
  flushStderr();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The kernel ignores a fatal signal that PID 1 sends to itself; PID 1 of a container exits with the code a shell reports.
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
  // Without a timer the event loop is empty, and the process exits with 0 before the signal arrives.
  const pending = setInterval(() => undefined, KEEP_ALIVE_MS);
  return new Promise<never>(() => pending);
}
