import { closeSync, writeSync } from 'node:fs';

/**
 * Tells the supervisor that this program is ready: one newline on the descriptor that `HERMES_NOTIFY_FD` names, then
 * closes it. Does nothing when the variable is unset. A supervisor that has gone away is no reason to fail.
 * @see https://skarnet.org/software/s6/notifywhenup.html
 */
export function notifyReady(environment: NodeJS.ProcessEnv = process.env): void {
  const fd = Number(environment.HERMES_NOTIFY_FD);
  if (!environment.HERMES_NOTIFY_FD || !Number.isInteger(fd) || fd < 3) return;
  try {
    writeSync(fd, '\n');
    closeSync(fd);
  } catch {
    // Readiness is a courtesy to whoever waits; nobody does.
  }
}
