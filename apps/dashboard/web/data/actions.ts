import { Fields } from '../model/fields.ts';
import type { Profile } from '../model/profile.ts';
import type { Api } from './api.ts';

export interface DrainWish {
  readonly reason: string;
  readonly isQuiet: boolean;
  /** `null` for what the gateway does by itself. */
  readonly maxAgeSeconds: number | null;
}

/** Begins a drain. @returns whether a live gateway is there to answer it. @throws ApiError, or what `fetch` throws. */
export async function beginDrain(api: Api, profile: Profile, wish: DrainWish): Promise<boolean> {
  const { data } = await api.call('gateway/drain', {
    method: 'POST',
    body: {
      action: 'drain',
      profile: profile.name,
      suppress_notification: wish.isQuiet,
      ...(wish.reason && { reason: wish.reason }),
      ...(wish.maxAgeSeconds !== null && { max_age_seconds: wish.maxAgeSeconds }),
    },
  });
  return new Fields(data).isTrue('gateway_running');
}

/** Cancels the drain that is shown, and no other that may have begun a moment ago. @returns whether it was in force. */
export async function cancelDrain(api: Api, { name, request }: Profile): Promise<boolean> {
  const { data } = await api.call('gateway/drain', {
    method: 'DELETE',
    query: { profile: name },
    headers: request?.id ? { 'if-match': `"${request.id}"` } : {},
  });
  return new Fields(data).isTrue('was_draining');
}

/** Asks the supervisor for a restart; how it goes on is seen in the profile. */
export async function restart(api: Api, { name }: Profile, force: boolean, reason: string): Promise<void> {
  await api.call('gateway/restart', { method: 'POST', body: { profile: name, force, ...(reason && { reason }) } });
}
