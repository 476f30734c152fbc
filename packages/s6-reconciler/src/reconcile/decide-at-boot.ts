import type { Profile } from '@hermes/drain-contract';
import { type AutostartDecision, decideAutostart } from './autostart.pure.ts';
import { isMultiplexed } from './multiplexed.ts';
import { readProfile } from './read-home.ts';
import type { ProfileSnapshot } from './snapshot.ts';

/** What the next boot decides for a profile, and what it decides by. */
export interface BootDecision extends AutostartDecision {
  readonly snapshot: ProfileSnapshot;
}

/** What the next boot will decide for a profile of the root home, as things are. Never throws. */
export function decideAtBoot({ name, home }: Profile, rootHome: string): BootDecision {
  const snapshot = readProfile(name, home, isMultiplexed(rootHome));
  return { ...decideAutostart(snapshot), snapshot };
}
