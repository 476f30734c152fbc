import { currentInstantiationEpoch } from '../epoch/epoch.ts';
import { type HomeOptions, resolveHome } from '../home.ts';
import { lookAtGatewayState } from './file.ts';
import { claimsToLive, hasEnded, isGatewayLive } from './liveness.pure.ts';
import { hasEndedSince, isRunningSince } from './process.ts';
import { isOfReferenceSystem } from './reference.pure.ts';
import { findReferenceProcess } from './reference-process.ts';
import type { GatewayStateView } from './schema.pure.ts';

/** Which gateway to look at, and when. */
export interface ObserveOptions extends HomeOptions {
  /** Unix ms. Default: now. */
  readonly now?: number | undefined;
}

/**
 * What an observer can tell of the life of a gateway, in a word: `live`; `frozen`, its process is there and its heartbeat
 * is not; `died`, it is gone and did not say that it would go; `stopped`, it said so itself; `unknown`, which no reader
 * may take for any of the others.
 */
export type Liveness = 'live' | 'frozen' | 'died' | 'stopped' | 'unknown';

/** What another program can tell about the gateway of a home. */
export interface GatewayObservation {
  /** What it last said of itself; `undefined` when it has never said anything readable. */
  readonly state: GatewayStateView | undefined;
  /**
   * Whether it is there: it says so, and its heartbeat is fresh and its process has not visibly died; or its process is
   * seen to run, whatever the clocks say.
   */
  readonly live: boolean;
  /** `live` or `frozen` when it is `live`. */
  readonly liveness: Liveness;
  /** The epoch by which to address this gateway: its own while it is live, else that of this process. */
  readonly epoch: string;
  /** The errno name of a look at the state that failed for a passing reason: then nothing here is known. */
  readonly unavailable?: string;
}

/** Looks at the gateway of a home from outside. Never throws. */
export function observeGateway(options: ObserveOptions = {}): GatewayObservation {
  const own = currentInstantiationEpoch();
  const sighting = lookAtGatewayState(options);
  const { state } = sighting;
  const isFresh = isGatewayLive(state, options.now ?? Date.now());
  if (state && isOfReferenceSystem(state)) return { ...sighting, ...observeReference(state, isFresh, own, options) };
  const live = isFresh ? !isKnownDead(state, own) : isSeenAlive(state, own);
  const liveness = live ? (isFresh ? 'live' : 'frozen') : absence(state, own);
  return { ...sighting, live, liveness, epoch: live && state ? state.epoch : own };
}

/**
 * A gateway of the reference system writes nothing while it is idle: its process says whether it lives. One that is seen
 * here is of our own boot; the epoch of one that is not cannot be known.
 */
function observeReference(
  state: GatewayStateView,
  isFresh: boolean,
  own: string,
  options: ObserveOptions,
): Pick<GatewayObservation, 'live' | 'liveness' | 'epoch'> {
  if (!claimsToLive(state)) return { live: false, liveness: absence(state, own), epoch: own };
  const whereabouts = findReferenceProcess(state, resolveHome(options));
  if (whereabouts === 'here') return { live: true, liveness: 'live', epoch: own };
  if (whereabouts === 'gone') return { live: false, liveness: 'died', epoch: own };
  const isElsewhere = whereabouts === 'elsewhere' || (whereabouts === 'unseen' && isFresh && state.pid === null);
  return isElsewhere ? { live: true, liveness: 'live', epoch: '' } : { live: false, liveness: 'unknown', epoch: own };
}

/** Whether the process of an observed gateway has visibly died, whatever its file says. Never throws. */
export function hasGatewayDied({ state, live, epoch }: GatewayObservation): boolean {
  if (state && isOfReferenceSystem(state)) {
    const { pid, start_time } = state;
    return live && epoch !== '' && pid !== null && start_time !== null && !isRunningSince(pid, start_time);
  }
  return isKnownDead(state, currentInstantiationEpoch());
}

/** Why a gateway is not live. */
function absence(state: GatewayStateView | undefined, own: string): Liveness {
  if (hasEnded(state)) return 'stopped';
  if (!claimsToLive(state)) return 'unknown';
  if (isKnownDead(state, own)) return 'died';
  // Another process may have its id by now, or its parent has not waited for it yet.
  const { pid, start_time, epoch } = state;
  const isBeside = own !== '' && epoch === own && pid !== null && start_time !== null;
  return isBeside && hasEndedSince(pid, start_time) ? 'died' : 'unknown';
}

/** A clock that was set ages a heartbeat at once, and a full volume keeps it old; neither ends a process beside us. */
function isSeenAlive(state: GatewayStateView | undefined, own: string): boolean {
  if (!claimsToLive(state) || own === '' || state.epoch !== own) return false;
  return state.pid !== null && state.start_time !== null && isRunningSince(state.pid, state.start_time);
}

/** Within one boot of one container, process ids are ours to check, which is quicker than waiting for the heartbeat. */
function isKnownDead(state: GatewayStateView | undefined, own: string): boolean {
  if (!state?.pid || own === '' || state.epoch !== own) return false;
  try {
    process.kill(state.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
