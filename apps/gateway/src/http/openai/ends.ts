import type { ProblemError } from '@hermes/service-kit/http';
import type { Turn } from '../../turns/turn.ts';
import { brokenStreamProblem, type EndedBadly, pendingProblem, unfinishedProblem } from '../refusal.ts';

/** The only status that no common client retries: they retry 422 and 409, and of course 500. */
export const ENDED_BADLY: EndedBadly = { status: 400, idName: 'Idempotency-Key' };

/** Why a turn has no answer, or a stream ends without its reply. */
export function endProblem(turn: Turn): ProblemError {
  if (!turn.isSettled) return pendingProblem(turn);
  return turn.status === 'done' ? brokenStreamProblem(turn) : unfinishedProblem(turn, ENDED_BADLY);
}
