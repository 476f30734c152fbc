import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../errors.ts';

// A non-blocking open of a FIFO for writing succeeds only while a process reads it.
const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Whether a process reads the FIFO at `path`. A FIFO that this user may not open counts as read: only its owner can check. */
export function isListenedTo(path: string): boolean {
  try {
    closeSync(openSync(path, FLAGS));
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    return errno === 'EACCES' || errno === 'EPERM';
  }
}

/** Whether an s6-supervise runs in the slot at `path`, or in its logger. */
export function isSupervised(path: string): boolean {
  return ['supervise/control', 'log/supervise/control'].some((fifo) => isListenedTo(join(path, fifo)));
}

/** Whether an s6-svscan watches the scan directory at `path`. */
export function isScanned(path: string): boolean {
  return isListenedTo(join(path, '.s6-svscan/control'));
}
