export { sendClientProblem } from './client-error.ts';
export { ConnectionLimit } from './connection-limit.ts';
export { type HostRules, isOwnHost, requireOwnHost } from './host-names.ts';
export { HttpActivity } from './http-activity.ts';
export { type ListenOptions, listen } from './listen.ts';
export { PAGE_HEADERS } from './page-headers.ts';
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
export { PROBLEM_CODES, type ProblemCode, type ProblemMeaning } from './problem-codes.ts';
export { type CutOffReason, ResponseBacklog, type ResponseBacklogOptions } from './response-backlog.ts';
export { bearerToken, secretsEqual } from './secret.ts';
export { unauthorized, WrongSecrets, type WrongSecretsOptions } from './wrong-secrets.ts';
