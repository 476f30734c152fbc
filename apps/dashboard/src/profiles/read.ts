import { setImmediate } from 'node:timers/promises';
import { listProfiles, type Profile, readDesiredState } from '@hermes/drain-contract';
import { type ProfileStatus, readProfileStatus } from '../status/read.ts';
import type { ProfileView, RestartView, ServiceView } from './schemas.ts';
import { profileView } from './view.ts';

/** Where the parts of a view come from that no file of the profile tells. */
export interface ProfileSources {
  /** The root home. */
  readonly home: string;
  readonly serviceOf: (name: string) => ServiceView | null;
  readonly restartOf: (name: string) => RestartView | null;
}

/** The number of reads before the task yields: a cancel must not wait for thousands of reads. */
const READ_AT_ONCE = 100;

/** Reads profiles without a cache. */
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

  /** Every profile as it is now, `default` first. Never rejects. */
  async readAll(): Promise<ProfileView[]> {
    const views: ProfileView[] = [];
    for (const profile of this.list()) {
      views.push(this.read(profile));
      if (views.length % READ_AT_ONCE === 0) await setImmediate();
    }
    return views;
  }

  /** Never throws. */
  read(profile: Profile): ProfileView {
    return this.view(profile, readProfileStatus(profile));
  }

  /**
   * What there is to see of a profile with that status. Never throws.
   * @param drain which drain was in force at the look before; `undefined` at the first one.
   */
  view(profile: Profile, status: ProfileStatus, drain?: string | null): ProfileView {
    return profileView(status, {
      desiredState: readDesiredState({ home: profile.home })?.desired_state ?? null,
      service: this.#sources.serviceOf(profile.name),
      restart: this.#sources.restartOf(profile.name),
      drain,
    });
  }

  /** The same, with the time that its service has been as it is. */
  upToDate(view: ProfileView): ProfileView {
    return { ...view, slot: this.#sources.serviceOf(view.name) };
  }
}
