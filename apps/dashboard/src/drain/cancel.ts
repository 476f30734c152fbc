import { clearDrainRequest, type Profile } from '@hermes/drain-contract';
import { ProblemError } from '@hermes/service-kit';
import { type ProfileStatus, readProfileStatus } from '../status/read.ts';
import { parseIfMatch } from './if-match.ts';
import { tellingHolder } from './precondition.ts';

/**
 * Removes the marker of `profile`, in force or not, unless `ifMatch` names another drain than the one in force.
 * @returns whether a drain was in force, or may have been. @throws ProblemError 400 or 412, ContractError.
 */
export async function cancelDrain(profile: Profile, ifMatch: string | undefined): Promise<boolean> {
  const before = readProfileStatus(profile);
  const requestId = requiredId(before, ifMatch);
  const removed = await tellingHolder(profile, clearDrainRequest({ home: profile.home, requestId }));
  return removed && (before.verdict.active || before.verdict.reason === 'unavailable');
}

/** The id that must be in force; `undefined` for any. The contract looks again when it is this request's turn. */
function requiredId({ verdict }: ProfileStatus, ifMatch: string | undefined): string | undefined {
  const wanted = parseIfMatch(ifMatch);
  if (wanted === 'any') return undefined;
  if (wanted === undefined) {
    throw new ProblemError(
      400,
      'invalid-request',
      'Invalid request',
      'If-Match: expected * or a request id in double quotes.',
    );
  }
  const holder = verdict.request?.request_id;
  return holder && wanted.includes(holder) ? holder : (wanted[0] ?? '');
}
