import { cancelDrainRequest, type DrainVerdict, type Profile } from '@hermes/drain-contract';
import { requiredRequests, tellingHolder } from './precondition.ts';

/**
 * Removes the marker of `profile`, in force or not, unless `ifMatch` or `own`, the id that a client chose, names another
 * drain than the one in force.
 * @returns the verdict on what was removed. @throws ProblemError 400, 409 or 412, ContractError.
 */
export function cancelDrain(profile: Profile, ifMatch: string | undefined, own?: string): Promise<DrainVerdict> {
  const requestId = requiredRequests(ifMatch);
  return tellingHolder(profile, cancelDrainRequest({ home: profile.home, requestId, clientRequestId: own }));
}
