import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Tells the supervisor that this program is ready: one newline on the descriptor that `HERMES_NOTIFY_FD` names, then
 * closes it. Does nothing when the variable is unset. Best effort: a supervisor that has gone away, or a pipe that is
 * full because its reader has stopped, neither fails nor blocks the program.
 * @see https://skarnet.org/software/s6/notifywhenup.html
 */
export function notifyReady(environment: NodeJS.ProcessEnv = process.env): void {
  const fd = Number(environment.HERMES_NOTIFY_FD);
  if (!environment.HERMES_NOTIFY_FD || !Number.isInteger(fd) || fd < 3) return;
  try {
    notify(fd);
  } catch {
    // Best effort: the supervisor may have stopped waiting.
  }
}

function notify(fd: number): void {
  const pipe = pipeOf(fd);
  if (pipe) {
    // Written at once, if there is room; the descriptor is closed before `destroy` returns.
    pipe.on('error', () => undefined).write('\n');
    pipe.destroy();
    return;
  }
  writeSync(fd, '\n');
  closeSync(fd);
}

/** @returns `undefined` when `fd` is a file: that has no reader who could block us, and no socket. */
function pipeOf(fd: number): Socket | undefined {
  try {
    return new Socket({ fd, readable: false, writable: true });
  } catch {
    return undefined;
  }
}
