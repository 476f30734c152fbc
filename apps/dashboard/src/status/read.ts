import {
  beganAt,
  type DrainVerdict,
  type GatewayObservation,
  isLiveReference,
  isSafeToStop,
  observeGateway,
  type Profile,
  readGatewayVerdict,
} from '@hermes/drain-contract';

/** The status of a profile from its files at one moment. */
export interface ProfileStatus {
  readonly profile: string;
  readonly gateway: GatewayObservation;
  /** Judged on behalf of that gateway. */
  readonly verdict: DrainVerdict;
  readonly safeToStop: boolean;
}

/** Looks at the files of `profile`. Never throws. */
export function readProfileStatus(profile: Profile): ProfileStatus {
  const { name, home } = profile;
  const now = Date.now();
  // The gateway's answer before the marker: an answer to a marker that has been replaced since must not match.
  const answered = observeGateway({ home, now });
  // Which gateway the marker is for is in the state: without it, a marker in force would look like one of another boot.
  const verdict = readGatewayVerdict(answered, { home, now });
  // An answer without an id names no marker: only one that is read after the marker can be to this one.
  const isNameless = verdict.active && !(verdict.body.request_id && verdict.request.request_id);
  const gateway = isNameless ? observeGateway({ home, now }) : answered;
  const began = verdict.active && isLiveReference(gateway) ? beganAt(verdict, { home }) : undefined;
  const safeToStop = isSafeToStop(gateway.state, gateway.live, verdict, now, began);
  return { profile: name, gateway, verdict, safeToStop };
}
