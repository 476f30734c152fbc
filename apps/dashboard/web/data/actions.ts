import type { DashboardApi } from '@hermes/dashboard-client';
import type { Profile } from '../model/profile.ts';

const NEVER = new AbortController().signal;

export interface DrainWish {
  readonly reason: string;
  readonly isQuiet: boolean;
  /** `null` for the default of the gateway. */
  readonly maxAgeSeconds: number | null;
}

/** Begins a drain. @returns whether a live gateway is there to answer it. @throws DashboardError. */
export async function beginDrain(api: DashboardApi, wish: DrainWish): Promise<boolean> {
  const options = {
    quiet: wish.isQuiet,
    reason: wish.reason || undefined,
    maxAgeSeconds: wish.maxAgeSeconds ?? undefined,
  };
  return (await api.begin(NEVER, options, 'own')).gateway_running;
}

/** Cancels only the drain that is shown, never a newer one. @returns whether it was in force. */
export async function cancelDrain(api: DashboardApi, { request }: Profile): Promise<boolean> {
  return (await api.cancel(NEVER, request?.id ?? undefined)).was_draining;
}

/** Asks the supervisor for a restart; the profile shows its progress. */
export async function restart(api: DashboardApi, force: boolean, reason: string): Promise<void> {
  await api.restart(NEVER, { force, keepDrain: false, reason: reason || undefined });
}
