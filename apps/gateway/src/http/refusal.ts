import { type ProblemCode, ProblemError } from '@hermes/service-kit/http';
import type { Refusal } from '../gate/gate.ts';
import { drainReason, REFUSAL_WORDS, RETRY_AFTER } from '../gate/refusal-words.ts';
import type { Submission } from '../turns/submission.ts';
import type { Turn } from '../turns/turn.ts';
import { viewTurn } from '../turns/view.ts';

const NOT_STORED = 'Your message was not stored: retry later.';

const KEY_REUSED =
  'The Idempotency-Key was used before, for another request: use a new key for each request, and the same one for its retries.';
const NO_RETRY = { headers: { 'x-should-retry': 'false' } };

/** Why a message was not stored. */
export type NotStored = Exclude<Submission, { kind: 'accepted' | 'queued' }>;

/** The answer to a message that was not stored. */
export function refusalProblem(submission: NotStored): ProblemError {
  switch (submission.kind) {
    case 'refused':
      return refusedProblem(submission.refusal);
    case 'overloaded':
      return overloadedProblem(submission);
    case 'mismatched':
      return new ProblemError(422, 'key-reused', 'Idempotency-Key reused', KEY_REUSED, NO_RETRY);
    case 'unstored':
      return refusedProblem({ reason: 'storage-unavailable' });
  }
}

function refusedProblem(refusal: Refusal): ProblemError {
  const [title, why] = REFUSAL_WORDS[refusal.reason];
  const detail = `${why}${drainReason(refusal)} ${NOT_STORED}`;
  return unavailable(refusal.reason, title, detail, RETRY_AFTER[refusal.reason]);
}

function overloadedProblem({ limit, unit }: Extract<NotStored, { kind: 'overloaded' }>): ProblemError {
  const full =
    unit === 'turns'
      ? `${limit} messages are queued, which is the limit.`
      : 'The queued messages use all the space for them.';
  const detail = `${full} ${NOT_STORED}`;
  return unavailable('overloaded', 'Too many queued messages', detail, RETRY_AFTER.overloaded);
}

/** The answer to a client that exceeds the limit of event streams. */
export function tooManyReadersProblem(limit: number): ProblemError {
  const detail = `${limit} clients follow events, which is the limit. Retry later.`;
  return unavailable('overloaded', 'Too many clients follow events', detail, RETRY_AFTER.overloaded);
}

/** The answer to a request that exceeds the limit of tickets. */
export function tooManyTicketsProblem(limit: number): ProblemError {
  const detail = `${limit} tickets are valid, which is the limit. Retry later.`;
  return unavailable('overloaded', 'Too many tickets', detail, RETRY_AFTER.overloaded);
}

/** The answer to a large body when the memory for large bodies is in use. */
export function tooManyBodiesProblem(mib: number): ProblemError {
  const detail = `Large requests use all the memory for them, ${mib} MiB. ${NOT_STORED}`;
  return unavailable('overloaded', 'Too many large requests', detail, RETRY_AFTER.overloaded);
}

/** How a route reports a turn that ended without a reply. */
export interface EndedBadly {
  /** A status that the clients of the route do not retry: a turn that ran must not run again. */
  readonly status: number;
  /** The route's name for the client's own id of a message. */
  readonly idName: string;
}

/** The answer for a turn that ended without a reply. Never a 503, which means that nothing ran. */
export function unfinishedProblem(turn: Turn, { status, idName }: EndedBadly): ProblemError {
  const { messageId, session } = turn.message;
  const sameAgain =
    messageId === undefined ? '' : ` A request with the same ${idName} gets this answer again: use another one.`;
  const more = {
    headers: { 'x-should-retry': 'false' },
    extensions: { turn_id: turn.id, session, turn_status: turn.status, ...partOf(turn) },
  };
  const [code, title]: [ProblemCode, string] =
    turn.status === 'failed' ? ['turn-failed', 'Turn failed'] : ['turn-interrupted', 'Turn interrupted'];
  return new ProblemError(status, code, title, `${turn.problem ?? ''}${sameAgain}`, more);
}

/** What there is of the reply. */
function partOf(turn: Turn): { readonly partial_reply?: string } {
  const { partial_reply } = viewTurn(turn);
  return partial_reply === undefined ? {} : { partial_reply };
}

/** The answer for a turn that is stored and runs after the restart. A retry of the request finds it. */
export function pendingProblem(turn: Turn): ProblemError {
  const detail = `The gateway is stopping. Your message is stored as turn ${turn.id} and is answered after the restart: send the same request again after the restart.`;
  const headers = { 'x-should-retry': 'true', 'retry-after': String(RETRY_AFTER.stopping) };
  return new ProblemError(409, 'turn-pending', 'Turn not started yet', detail, { headers });
}

/** The end of a stream whose turn another gateway has started again: what was sent is not the beginning of the reply. */
export function brokenStreamProblem(turn: Turn): ProblemError {
  const detail = `Turn ${turn.id} was started again by another gateway while its reply was sent: send the same request again to get the whole reply.`;
  return new ProblemError(409, 'turn-pending', 'Reply started again', detail, {
    headers: { 'x-should-retry': 'true' },
  });
}

function unavailable(code: ProblemCode, title: string, detail: string, retryAfter: number): ProblemError {
  return new ProblemError(503, code, title, detail, { headers: { 'retry-after': String(retryAfter) } });
}
