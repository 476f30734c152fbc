import { type DrainView, type Holder, isInForce, Refused } from '@hermes/dashboard-client';
import { DrainctlError, EXIT } from '../exit.ts';
import { describeRequest } from '../output/describe.ts';

// What can stand between the quotes of an entity tag.
const TAG = /^[\x21\x23-\x7e]+$/;

/**
 * `task`; a 412 or 409 becomes an error that names the drain in force, or says that there is none.
 * @param meantFor `new`: any drain in force is a conflict; `seen`: another drain than the one that was seen is.
 */
export async function unlessConflict<T>(task: Promise<T>, meantFor: 'new' | 'seen' = 'seen'): Promise<T> {
  try {
    return await task;
  } catch (error) {
    if (!(error instanceof Refused) || (error.status !== 412 && error.problem.code !== 'drain-held')) throw error;
    const { holder } = error.problem;
    throw holder && (holder.request_id || meantFor === 'new') ? conflictWith(holder) : notDraining();
  }
}

export function conflictWith(holder: Holder): DrainctlError {
  const { request_id, principal, reason, requested_at } = holder;
  return new DrainctlError('conflict', EXIT.conflict, `another drain request is in force: ${describeRequest(holder)}`, {
    holder: { request_id, principal, reason, requested_at },
  });
}

export function notDraining(message = 'no drain is in force'): DrainctlError {
  return new DrainctlError('not-draining', EXIT.ended, message);
}

/** The id of the drain in force, which is `wanted` if that is named. @throws DrainctlError. */
export function requireInForce(drain: DrainView, wanted: string | undefined): string {
  if (!isInForce(drain)) throw notDraining(wanted === undefined ? undefined : `the drain ${wanted} is not in force`);
  if (wanted !== undefined && drain.request_id !== wanted) throw conflictWith(drain);
  const id = drain.request_id ?? '';
  if (TAG.test(id)) return id;
  const found = id === '' ? 'has no request id' : `has the request id ${JSON.stringify(id)}`;
  throw new DrainctlError(
    'conflict',
    EXIT.conflict,
    `the drain in force ${found}: drainctl did not begin it and can only cancel it`,
  );
}

/** The value for `If-Match`; `undefined` when the drain has no usable id. */
export function tagOf(requestId: string | null): string | undefined {
  return requestId !== null && TAG.test(requestId) ? requestId : undefined;
}
