import type { ChannelHealth } from './profile.ts';

/** Whether a channel needs attention. */
export function isFailing({ state }: ChannelHealth): boolean {
  return state === 'failing' || state === 'rejected';
}
