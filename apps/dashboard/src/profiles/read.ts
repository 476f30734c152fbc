import { listProfiles, type Profile, readDesiredState } from '@hermes/drain-contract';
import { type ProfileStatus, readProfileStatus } from '../status/read.ts';
import type { ProfileView, RestartView, SlotView } from './schemas.ts';
import { profileView } from './view.ts';

/** Where the parts of a view come from that no file of the profile tells. */
export interface ProfileSources {
  /** The root home. */
  readonly home: string;
  readonly slotOf: (name: string) => SlotView | null;
  readonly restartOf: (name: string) => RestartView | null;
}

/** Looks at profiles, each time anew. */
export class ProfileReader {
  readonly #sources: ProfileSources;

  constructor(sources: ProfileSources) {
    this.#sources = sources;
  }

  /** The root home. */
  get home(): string {
    return this.#sources.home;
  }

  /** Every profile, `default` first. Never throws. */
  list(): Profile[] {
    return listProfiles({ home: this.#sources.home });
  }

  /** Never throws. */
  read(profile: Profile): ProfileView {
    return this.view(profile, readProfileStatus(profile));
  }

  /** What there is to see of a profile with that status. Never throws. */
  view(profile: Profile, status: ProfileStatus): ProfileView {
    return profileView(status, {
      desiredState: readDesiredState({ home: profile.home })?.desired_state ?? null,
      slot: this.#sources.slotOf(profile.name),
      restart: this.#sources.restartOf(profile.name),
    });
  }

  /** The same, with the time that its slot has been as it is. */
  upToDate(view: ProfileView): ProfileView {
    return { ...view, slot: this.#sources.slotOf(view.name) };
  }
}
