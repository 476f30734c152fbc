export { baseUrl, isLoopback } from './address.ts';
export { sendClientProblem } from './client-error.ts';
export { ConnectionLimit } from './connection-limit.ts';
export { dieBySignal } from './die.ts';
export { type HostRules, isOwnHost, requireOwnHost } from './host-names.ts';
export { type ListenOptions, listen } from './listen.ts';
export { droppedLogLines, STDERR_FLUSH_MS, showStderr } from './log-output.ts';
export { createLogger, LOG_LEVELS, type Logger, type LogLevel } from './logger.ts';
export {
  installProblems,
  notFound,
  PROBLEM_TYPE,
  ProblemError,
  parseRequest,
  problemBody,
  sendFrameworkProblem,
  sendProblem,
  toProblem,
} from './problem.ts';
export { notifyReady } from './ready.ts';
export { type CutOffReason, ResponseBacklog, type ResponseBacklogOptions } from './response-backlog.ts';
export {
  DEFAULT_START_TIMEOUT,
  type RetryOptions,
  readStartTimeout,
  retryWhileTemporary,
  StoppedError,
} from './retry.ts';
export { bearerToken, secretsEqual } from './secret.ts';
export { secretWeakness } from './secret-rules.ts';
export { readSecretVariable } from './secret-variable.ts';
export { EXIT, exitCodeOf, reportStartupError, StartupError, type StartupErrorOptions } from './startup-error.ts';
export { STOP_SIGNALS, StopRequest } from './stop-request.ts';
export { isTemporary } from './temporary.ts';
export { unauthorized, WrongSecrets, type WrongSecretsOptions } from './wrong-secrets.ts';
