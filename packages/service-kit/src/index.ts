export { baseUrl, isLoopback } from './address.ts';
export { sendClientProblem } from './client-error.ts';
export { dieBySignal } from './die.ts';
export { type HostRules, isOwnHost, requireOwnHost } from './host-names.ts';
export { type ListenOptions, listen } from './listen.ts';
export { droppedLogLines, STDERR_FLUSH_MS } from './log-output.ts';
export { createLogger, LOG_LEVELS, type Logger, type LogLevel } from './logger.ts';
export {
  installProblems,
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
export { bearerToken, secretsEqual } from './secret.ts';
export { EXIT, reportStartupError, StartupError } from './startup-error.ts';
export { unauthorized, WrongSecrets, type WrongSecretsOptions } from './wrong-secrets.ts';
