import { ContractError, type ContractErrorCode } from '@hermes/drain-contract';
import { type ProblemCode, ProblemError } from '@hermes/service-kit/http';
import type { FastifyInstance } from 'fastify';

/** An error, and after how many seconds the same request may succeed, where that is known. */
type Kind = readonly [status: number, code: ProblemCode, title: string, retryAfter?: number];

const STORAGE_UNAVAILABLE: Kind = [503, 'storage-unavailable', 'Storage unavailable', 5];

const PROBLEMS: Readonly<Record<ContractErrorCode, Kind>> = {
  invalid_argument: [400, 'invalid-request', 'Invalid request'],
  profile_unknown: [404, 'profile-unknown', 'Unknown profile'],
  home_missing: [404, 'home-missing', 'Home directory missing'],
  request_mismatch: [412, 'request-mismatch', 'Another drain is in force'],
  request_held: [409, 'drain-held', 'Another drain is in force'],
  locked: [503, 'marker-locked', 'Another dashboard holds the lock of the marker', 1],
  no_space: [507, 'no-space', 'No space left'],
  not_permitted: STORAGE_UNAVAILABLE,
  not_writable: STORAGE_UNAVAILABLE,
  not_a_file: STORAGE_UNAVAILABLE,
  mount_point: STORAGE_UNAVAILABLE,
  unavailable: STORAGE_UNAVAILABLE,
  io: STORAGE_UNAVAILABLE,
};

/** For those whose message names a path: the log has it, a client has no business with it. The others say it themselves. */
const DETAILS: Readonly<Record<ContractErrorCode, string | undefined>> = {
  invalid_argument: undefined,
  request_mismatch: undefined,
  request_held: undefined,
  profile_unknown:
    'There is no such profile: a profile is a directory with a SOUL.md in it under profiles in the home.',
  home_missing: 'The home directory does not exist: create it, or point HERMES_HOME at the right one.',
  locked: 'Another process holds the lock of the marker; try again.',
  no_space: 'The volume is full, or its quota is used up; free some space and try again.',
  not_permitted: 'The dashboard may not work in the home directory; its log has the details.',
  not_writable: 'The marker cannot be changed: give the dashboard read and write access to the home directory.',
  not_a_file: 'Another kind of file stands in the place of the marker or its lock; remove it and try again.',
  mount_point:
    'A file of the home is a mount point of its own, so that it can be neither replaced nor removed: mount the directory, not the file.',
  unavailable: 'The files cannot be opened now; try again.',
  io: 'The file system failed; the log of the dashboard has the details.',
};

/** The answer to a request that failed with `error`. */
export function contractProblem(error: ContractError, extensions: Record<string, unknown> = {}): ProblemError {
  const [status, code, title, retryAfter] = PROBLEMS[error.code];
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return new ProblemError(status, code, title, DETAILS[error.code] ?? error.message, { extensions, headers });
}

/** Answers contract errors of the routes of `api`; every other error is passed to the handler of the server. */
export function installContractProblems(api: FastifyInstance): void {
  api.setErrorHandler((error, request) => {
    if (!(error instanceof ContractError)) throw error;
    const problem = contractProblem(error);
    if (problem.statusCode >= 500) request.log.error({ err: error }, 'cannot change a file');
    throw problem;
  });
}
