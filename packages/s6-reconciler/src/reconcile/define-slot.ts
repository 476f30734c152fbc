import type { Profile } from '@hermes/drain-contract';
import type { SlotDefinition } from '../slot/definition.ts';
import type { User } from '../user.ts';
import { DEFAULT_STOP_SECONDS } from './stop-seconds.ts';

/** The common settings of all slots. */
export interface SlotSettings {
  readonly rootHome: string;
  /** The gateway's program. */
  readonly command: string;
  /** The user that gateways run as, if not the supervisor's. */
  readonly user: User | undefined;
}

/** What the slot of a profile is to be. @param stopSeconds what its gateway last said it takes at most to stop. */
export function defineSlot(profile: Profile, stopSeconds: number | undefined, settings: SlotSettings): SlotDefinition {
  return {
    profile: profile.name,
    rootHome: settings.rootHome,
    profileHome: profile.home,
    command: settings.command,
    user: settings.user && formatUser(settings.user),
    stopSeconds: stopSeconds ?? DEFAULT_STOP_SECONDS,
  };
}

/** `UID:GID`. */
export function formatUser({ uid, gid }: User): string {
  return `${uid}:${gid}`;
}
