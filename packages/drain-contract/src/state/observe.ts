import { currentInstantiationEpoch } from '../epoch/epoch.ts';
import type { HomeOptions } from '../home.ts';
import { readGatewayState } from './file.ts';
import { isGatewayLive } from './liveness.ts';
import type { GatewayStateView } from './schema.ts';

/** Which gateway to look at, and when. */
export interface ObserveOptions extends HomeOptions {
  /** Unix ms. Default: now. */
  readonly now?: number | undefined;
}

/** What another program can tell about the gateway of a home. */
export interface GatewayObservation {
  /** What it last said of itself; `undefined` when it has never said anything readable. */
  readonly state: GatewayStateView | undefined;
  /** Whether it is there: it says so, its heartbeat is fresh, and its process has not visibly died. */
  readonly live: boolean;
  /** The epoch by which to address this gateway: its own while it is live, else that of this process. */
  readonly epoch: string;
}

/** Looks at the gateway of a home from outside. Never throws. */
export function observeGateway(options: ObserveOptions = {}): GatewayObservation {
  const own = currentInstantiationEpoch();
  const state = readGatewayState(options);
  const fresh = isGatewayLive(state, options.now ?? Date.now());
  const live = fresh && !isKnownDead(state, own);
  return { state, live, epoch: live && state ? state.epoch : own };
}

/** Whether the process of an observed gateway has visibly died, whatever its file says. Reads no file; never throws. */
export function hasGatewayDied({ state }: GatewayObservation): boolean {
  return isKnownDead(state, currentInstantiationEpoch());
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
