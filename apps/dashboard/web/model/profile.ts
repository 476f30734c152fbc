import type { ProfileView } from '@hermes/dashboard-client';

/** Times are Unix ms. What is not known is `null`. */
export interface Profile {
  readonly name: string;
  readonly state: string | null;
  readonly isRunning: boolean;
  /** What is known of its process. */
  readonly liveness: ProfileView['liveness'];
  readonly pid: number | null;
  /** Turns in flight at its last heartbeat. */
  readonly lastTurns: number | null;
  /** Why it has not started yet, or ended with an error. */
  readonly problem: string | null;
  /** Turns in flight. */
  readonly turns: number | null;
  /** The oldest of them. */
  readonly work: readonly Turn[];
  readonly startedAt: number | null;
  readonly heartbeatAt: number | null;
  readonly version: string | null;
  readonly endpoint: string | null;
  readonly graceSeconds: number | null;
  readonly desiredState: 'running' | 'stopped' | null;
  readonly isDraining: boolean;
  readonly isSafe: boolean;
  readonly queued: number | null;
  /** The gateways that share its turns: the others, and those of them that take turns now. */
  readonly shared: { readonly others: number; readonly takers: number } | null;
  readonly channels: readonly ChannelHealth[];
  readonly refused: number | null;
  readonly request: DrainRequest | null;
  readonly answer: DrainAnswer | null;
  readonly slot: Slot | null;
  readonly restart: Restart | null;
}

/** A channel of the gateway, and its deliveries. */
export interface ChannelHealth {
  readonly name: string;
  readonly state: string;
  readonly since: number | null;
  readonly problem: string | null;
  readonly waiting: number;
  readonly givenUp: number;
}

export interface Turn {
  readonly id: string;
  readonly kind: string;
  readonly session: string;
  readonly startedAt: number | null;
  readonly lastProgressAt: number | null;
  readonly isStalled: boolean;
}

/** The desired state. */
export interface DrainRequest {
  readonly id: string | null;
  readonly principal: string | null;
  readonly reason: string | null;
  readonly requestedAt: number | null;
  readonly expiresAt: number | null;
  /** When it expired, if it has. */
  readonly expiredAt: number | null;
  /** The end of the announcement. */
  readonly refuseAfter: number | null;
  readonly isQuiet: boolean;
  readonly isActive: boolean;
  /** The reason of the verdict. */
  readonly verdict: string;
}

/** The answer of the gateway. */
export interface DrainAnswer {
  readonly requestId: string | null;
  readonly observedAt: number | null;
  readonly drainedAt: number | null;
}

/** A slot as its supervisor sees it. */
export interface Slot {
  readonly state: string;
  readonly isReady: boolean;
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A restart in flight, or the last one. */
export interface Restart {
  readonly state: string;
  readonly since: number | null;
  readonly error: string | null;
}

/** The number of stalled turns. */
export function stalledTurns(profile: Profile): number {
  return profile.work.filter((turn) => turn.isStalled).length;
}

/** Whether it has ever published a state; a new profile without one is not an error. */
export function wasStarted({ state, heartbeatAt }: Profile): boolean {
  return state !== null || heartbeatAt !== null;
}

/** Whether a restart is under way. */
export function isRestarting({ restart }: Profile): boolean {
  return restart?.state === 'stopping' || restart?.state === 'starting';
}

/** Whether a supervisor is there that could restart it. */
export function isSupervised({ slot }: Profile): boolean {
  return slot !== null && slot.state !== 'not-registered';
}
