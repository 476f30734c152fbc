import type { LifecycleState } from '@hermes/drain-contract';

/** What can happen to a gateway. */
export type LifecycleEvent =
  /** It listens, and the first look at the marker found no drain. */
  | 'ready'
  /** A look at the marker found a drain; the first one makes a starting gateway ready, too. */
  | 'drain'
  /** The drain is over: cancelled, expired or void. */
  | 'release'
  /** Somebody wants it to end. */
  | 'stop'
  /** Everything is closed. */
  | 'closed'
  /** It cannot start. */
  | 'fail';

/**
 * Every event in every state; a missing cell does not compile. Events that change nothing are spelled out, so that
 * entering and leaving a drain is idempotent and nothing but a new process leads out of `stopping`.
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
