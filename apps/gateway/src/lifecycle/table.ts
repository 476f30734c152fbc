import type { LifecycleState } from '@hermes/drain-contract';

/** Events of a gateway. */
export type LifecycleEvent =
  /** It listens, and the first read of the marker found no drain. */
  | 'ready'
  /** A read of the marker found a drain; the first one also makes a starting gateway ready. */
  | 'drain'
  /** The drain has ended: cancelled, expired or void. */
  | 'release'
  /** A shutdown was requested. */
  | 'stop'
  /** Everything is closed. */
  | 'closed'
  /** The start failed. */
  | 'fail';

/**
 * Every event in every state; a missing cell does not compile. Events without effect are listed explicitly, so that
 * entering and leaving a drain is idempotent and only a new process leaves `stopping`.
 */
export const LIFECYCLE: Readonly<Record<LifecycleState, Readonly<Record<LifecycleEvent, LifecycleState>>>> = {
  starting: {
    ready: 'running',
    drain: 'draining',
    release: 'starting',
    stop: 'stopping',
    closed: 'starting',
    fail: 'startup_failed',
  },
  running: {
    ready: 'running',
    drain: 'draining',
    release: 'running',
    stop: 'stopping',
    closed: 'running',
    fail: 'running',
  },
  draining: {
    ready: 'draining',
    drain: 'draining',
    release: 'running',
    stop: 'stopping',
    closed: 'draining',
    fail: 'draining',
  },
  stopping: {
    ready: 'stopping',
    drain: 'stopping',
    release: 'stopping',
    stop: 'stopping',
    closed: 'stopped',
    fail: 'stopping',
  },
  stopped: {
    ready: 'stopped',
    drain: 'stopped',
    release: 'stopped',
    stop: 'stopped',
    closed: 'stopped',
    fail: 'stopped',
  },
  startup_failed: {
    ready: 'startup_failed',
    drain: 'startup_failed',
    release: 'startup_failed',
    stop: 'startup_failed',
    closed: 'startup_failed',
    fail: 'startup_failed',
  },
};
