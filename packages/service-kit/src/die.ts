import { constants } from 'node:os';
import { flushStderr } from './log-output.ts';

const KEEP_ALIVE_MS = 1 << 30;

/** Dies by `signal`, so that a supervisor sees how this process ended, and with the log written. Never returns. */
export async function dieBySignal(signal: NodeJS.Signals): Promise<never> {
  flushStderr();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The kernel drops a deadly signal that init sends to itself; as PID 1 of a container, exit as a shell would report it.
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
  // A signal that is delivered a moment later must not find the event loop empty and the exit code 0.
  const pending = setInterval(() => undefined, KEEP_ALIVE_MS);
  return new Promise<never>(() => pending);
}
