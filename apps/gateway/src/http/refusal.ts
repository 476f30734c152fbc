import { ProblemError } from '@hermes/service-kit';
import type { Refusal } from '../gate/gate.ts';
import type { Submission } from '../turns/submission.ts';
import type { Turn } from '../turns/turn.ts';

/** Seconds after which it may make sense to try again. */
const RETRY_AFTER = { starting: 1, draining: 5, stopping: 10, overloaded: 5, 'storage-unavailable': 5 } as const;

const WHY: Record<Refusal['reason'], readonly [string, string]> = {
  starting: ['Gateway is starting', 'The gateway is starting.'],
  draining: ['Gateway is draining', 'The gateway is draining: it finishes what runs and starts nothing new.'],
  stopping: ['Gateway is stopping', 'The gateway is stopping.'],
  'storage-unavailable': ['Message not stored', 'The gateway cannot use its storage now.'],
};

const NOT_STORED = 'Your message was not stored; send it again later.';

/** Why a message was not stored. */
export type NotStored = Exclude<Submission, { kind: 'accepted' | 'held' }>;

/** The answer to a message that was not stored. */
export function refusalProblem(submission: NotStored): ProblemError {
  switch (submission.kind) {
    case 'refused':
      return refusedProblem(submission.refusal);
    case 'overloaded':
      return overloadedProblem(submission);
    case 'unstored':
      return refusedProblem({ reason: 'storage-unavailable' });
  }
}

function refusedProblem(refusal: Refusal): ProblemError {
  const [title, why] = WHY[refusal.reason];
  const because = refusal.request?.reason ? ` Reason: ${refusal.request.reason}.` : '';
  return unavailable(refusal.reason, title, `${why}${because} ${NOT_STORED}`, RETRY_AFTER[refusal.reason]);
}

function overloadedProblem({ limit, unit }: Extract<NotStored, { kind: 'overloaded' }>): ProblemError {
  const full =
    unit === 'turns' ? `${limit} messages are waiting already.` : 'The messages that wait take all the room.';
  const detail = `${full} ${NOT_STORED}`;
  return unavailable('overloaded', 'Too many messages waiting', detail, RETRY_AFTER.overloaded);
}

/** The answer to one client too many that wants to follow events. */
export function tooManyReadersProblem(limit: number): ProblemError {
  const detail = `${limit} clients follow events already, the most at a time. Try again later.`;
  return unavailable('overloaded', 'Too many clients follow events', detail, RETRY_AFTER.overloaded);
}

/**
 * The answer for a turn that ended without a reply.
 * @param idName what the route calls the sender's own id of a message.
 */
export function unfinishedProblem(turn: Turn, idName: string): ProblemError {
  const { messageId } = turn.message;
  const sameAgain = messageId === undefined ? '' : ` With the same ${idName} this answer comes again; use another.`;
  const detail = `${turn.problem ?? ''}${sameAgain}`;
  const extensions = { turn_id: turn.id, session: turn.message.session, turn_status: turn.status };
  if (turn.status === 'failed') return new ProblemError(500, 'turn-failed', 'Turn failed', detail, { extensions });
  return unavailable('interrupted', 'Turn interrupted', detail, RETRY_AFTER.stopping, extensions);
}

function unavailable(
  code: string,
  title: string,
  detail: string,
  retryAfter: number,
  extensions: Record<string, unknown> = {},
): ProblemError {
  return new ProblemError(503, code, title, detail, { headers: { 'retry-after': String(retryAfter) }, extensions });
}
