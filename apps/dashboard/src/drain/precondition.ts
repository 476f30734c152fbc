import { ContractError, isDrainHeld, type Profile } from '@hermes/drain-contract';
import { ProblemError } from '@hermes/service-kit/http';
import { contractProblem } from '../http/contract-problem.ts';
import { readProfileStatus } from '../status/read.ts';
import { parseIfMatch } from './if-match.ts';
import { holderOf } from './view.ts';

const MISMATCHES: readonly string[] = ['request_mismatch', 'request_held'];

export interface PreconditionHeaders {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/** The requests that `If-Match` names, one of which must be in force; `undefined` for any. @throws ProblemError 400. */
export function requiredRequests(ifMatch: string | undefined): readonly string[] | undefined {
  const wanted = parseIfMatch(ifMatch);
  if (wanted === undefined) throw invalidPrecondition('If-Match: expected * or a request id in double quotes.');
  return wanted === 'any' ? undefined : wanted;
}

/**
 * The requests of which a begin may refresh one; `null` when it may only begin, `undefined` when it may do either.
 * @throws ProblemError 400.
 */
export function refreshedRequests(headers: PreconditionHeaders): readonly string[] | null | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && (noneMatch.trim() !== '*' || match !== undefined)) {
    throw invalidPrecondition('If-None-Match: expected *, and no If-Match beside it.');
  }
  return noneMatch === undefined ? requiredRequests(match) : null;
}

/** `task`; a mismatch error includes the holder of the drain. */
export async function tellingHolder<T>(profile: Profile, task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    if (!(error instanceof ContractError) || !MISMATCHES.includes(error.code)) throw error;
    const { verdict } = readProfileStatus(profile);
    const noHolder = { request_id: null, requested_at: null, principal: null, reason: null };
    throw contractProblem(error, { holder: isDrainHeld(verdict) ? holderOf(verdict) : noHolder });
  }
}

function invalidPrecondition(detail: string): ProblemError {
  return new ProblemError(400, 'invalid-request', 'Invalid request', detail);
}
