export { abortAfter } from './abort-after.ts';
export { baseUrl, isLoopback } from './address.ts';
export { type Backoff, backoffMs } from './backoff.ts';
export { exitBySignal } from './exit-by-signal.ts';
export { droppedLogLines, flushStderr, STDERR_FLUSH_MS, showStderr } from './log-output.ts';
export { createLogger, LOG_LEVELS, type Logger, type LogLevel } from './logger.ts';
export { notifyReady } from './ready.ts';
export {
  DEFAULT_START_TIMEOUT,
  type RetryOptions,
  readStartTimeout,
  retryWhileTemporary,
  StoppedError,
} from './retry.ts';
export { secretWeakness } from './secret-rules.ts';
export { readSecretVariable } from './secret-variable.ts';
export {
  type ErrorClass,
  EXIT,
  exitCodeOf,
  reportStartupError,
  StartupError,
  type StartupErrorOptions,
} from './startup-error.ts';
export { REPETITION_MS, STOP_SIGNALS, StopRequest } from './stop-request.ts';
export { SupervisorNotifier, type SupervisorNotifierOptions } from './supervisor-notifier.ts';
export { isTemporary } from './temporary.ts';
export { TimeoutError, withTimeout } from './with-timeout.ts';
